using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Assimilator.Tests.Support;

/// <summary>What a program printed and how it ended.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    /// <summary>Both streams, for assertions that do not care which it was.</summary>
    public string Everything => Output + Error;

    public override string ToString() => $"exit code {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}";
}

/// <summary>Programs that tests start. Every one is waited for, and killed if it takes too long.</summary>
internal static partial class Programs
{
    /// <summary>A test whose program takes longer hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <summary>Runs a program to its end.</summary>
    public static ProgramResult Run(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, TimeSpan? patience = null)
    {
        using var process = Start(program, arguments, environment);
        return Finish(process, patience);
    }

    /// <summary>Runs a program that has to succeed.</summary>
    public static string RunOrThrow(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, TimeSpan? patience = null)
    {
        var result = Run(program, arguments, environment, patience);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"{program} failed: {result}");
    }

    /// <summary>Starts a program with an empty standard input; a null in the environment takes a variable out.</summary>
    public static Process Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException($"cannot start {program} ({exception.Message}); ./build.sh test installs it");
        }
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Reads what a program prints and waits for its end. The times in front of our own lines are left out.</summary>
    /// <param name="process">The program.</param>
    /// <param name="patience">How long it may take, if not <see cref="Patience"/>.</param>
    public static ProgramResult Finish(Process process, TimeSpan? patience = null)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!Task.WhenAll(output, error, process.WaitForExitAsync()).Wait(patience ?? Patience))
        {
            // Whether it hangs, or a child of it holds its output open, or the test did not hear of its end.
            var processes = Run("ps", ["-eo", "pid,ppid,stat,wchan:30,args"]).Output;
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{process.StartInfo.FileName} ({process.Id}) did not end within {patience ?? Patience}; "
                + $"output ended: {output.IsCompleted}, {error.IsCompleted}\n{processes}");
        }
        return new ProgramResult(process.ExitCode, WithoutTimes(output.Result), WithoutTimes(error.Result));
    }

    public static string WithoutTimes(string log) => Time().Replace(log, "");

    [GeneratedRegex("^[0-9T:-]+Z (?=assimilator: )", RegexOptions.Multiline)]
    private static partial Regex Time();
}
