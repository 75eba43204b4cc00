using Assimilator.Posix;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[state]</c>.</summary>
internal static class StateReader
{
    public static StateSettings Read(ConfigurationValues values) => new(Directory(values));

    private static string? Directory(ConfigurationValues values)
    {
        if (PathReader.ReadAbsolute(values, Schema.StateDirectory) is { } given)
            return given;
        // systemd separates several directories by colons.
        if (values.Environment.GetValueOrDefault("STATE_DIRECTORY")?.Split(':')[0] is { Length: > 0 } fromSystemd)
            return fromSystemd;
        if (LibC.EffectiveUserId() == 0)
            return "/var/lib/assimilator";
        if (values.Environment.GetValueOrDefault("XDG_STATE_HOME") is { } xdg && Path.IsPathRooted(xdg))
            return Path.Combine(xdg, "assimilator");
        if (values.Environment.GetValueOrDefault("HOME") is { } home && Path.IsPathRooted(home))
            return Path.Combine(home, ".local/state/assimilator");
        if (!values.Has(Schema.StateDirectory))
            values.Add(Schema.StateDirectory, "is required, because neither STATE_DIRECTORY nor HOME is set");
        return null;
    }
}
