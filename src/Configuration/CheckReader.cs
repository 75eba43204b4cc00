namespace Assimilator.Configuration;

/// <summary>Reads <c>[check]</c>.</summary>
internal static class CheckReader
{
    /// <summary>Null without the section: then nothing is checked.</summary>
    public static CheckSettings? Read(ConfigurationValues values)
    {
        const string section = "check";
        if (!values.HasSection(section))
            return null;
        var settings = new CheckSettings(
            values.Get(Schema.CheckEvery), values.Get(Schema.VerifyDataEvery), values.Get(Schema.MaxDuration),
            values.Get(Schema.RestoreEvery), values.Get(Schema.RestoreFiles), values.Get(Schema.RestoreBytes));
        if (settings is { Every: null, VerifyDataEvery: null, RestoreEvery: null } && !values.HasProblemIn(section))
            values.Add(section, "checks nothing", "set 'every = 30d', 'restore_every = 7d', or remove the section");
        // What preexec stopped would stay stopped for as long as a check takes.
        if (values.Entries(Schema.Preexec).Count > 0 && !values.Has(Schema.PostexecAfterCreate))
            values.Add(Schema.PostexecAfterCreate, "is needed, because a check may take hours before postexec runs",
                "write 'postexec_after = create' if postexec restarts what preexec stopped, otherwise "
                    + "'postexec_after = run'");
        return settings;
    }
}
