using System.Text;
using Assimilator.Configuration;
using Assimilator.Processes;

namespace Assimilator.Borg;

/// <summary>The passphrase of a repository.</summary>
/// <param name="Text">Null if it needs none.</param>
internal sealed record Passphrase(string? Text)
{
    private const int MostLines = 100;

    // A record's own text would show it.
    public override string ToString() => "passphrase";

    /// <summary>Takes it from the configuration, or runs the passcommand.</summary>
    /// <returns>Null if the passcommand failed.</returns>
    public static Passphrase? Find(
        BackupConfiguration configuration, RepositorySettings repository, RunContext context)
    {
        if (repository.Passcommand is not { } words)
            return new(repository.Passphrase);
        var output = new MemoryStream();
        // Shown only when it is known what must not be shown.
        var said = new List<string>();
        var errors = LineSplitter.OfText(line =>
        {
            if (said.Count < MostLines)
                said.Add(line);
        });
        var exit = ChildProcess.Run(
            new ChildCommand
            {
                Executable = words[0],
                Arguments = [.. words.Skip(1)],
                Environment = BorgEnvironment.Of(
                    configuration, repository, context.Environment, hasPassphrase: false, selfTest: true),
                Timeout = configuration.Hooks.Timeout,
                Grace = context.Interruption.Grace,
            },
            context.Interruption, Keep, errors.Write);
        errors.Complete();
        var text = Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\r', '\n');
        context.Messages.Hide([text]);
        said.ForEach(line => context.Messages.Warning($"passcommand: {line}"));
        var problem = exit.ReturnCode != 0 ? exit.Describe()
            : text.Length == 0 ? "printed nothing"
            : output.Length > RepositoryReader.LongestPassphrase ? "printed more than 4096 bytes"
            : text.AsSpan().ContainsAny('\r', '\n', '\0') ? "printed more than one line"
            : null;
        if (problem is null)
            return new(text);
        context.Messages.Error($"passcommand {problem}: {words[0]}",
            "run it by hand as this user, and see what it prints");
        return null;

        void Keep(ReadOnlySpan<byte> bytes) =>
            output.Write(bytes[..(int)Math.Min(bytes.Length, RepositoryReader.LongestPassphrase + 1 - output.Length)]);
    }
}
