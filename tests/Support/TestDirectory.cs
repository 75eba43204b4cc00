namespace Assimilator.Tests.Support;

/// <summary>A directory of one test's own, gone with the test.</summary>
internal sealed class TestDirectory : IDisposable
{
    public TestDirectory() => Path = Directory.CreateTempSubdirectory("assimilator-test-").FullName;

    private TestDirectory(string path) => Path = path;

    /// <summary>For thousands of small files that would each wait for the disk.</summary>
    public static TestDirectory InMemory() =>
        new(Directory.CreateDirectory($"/dev/shm/assimilator-test-{Guid.NewGuid():N}").FullName);

    public string Path { get; }

    /// <summary>A path below this directory, which need not be there.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file, readable for its owner alone.</summary>
    public string Write(string name, string content) => Write(name, content, "600");

    /// <summary>Writes an executable script.</summary>
    public string WriteScript(string name, string body) => Write(name, $"#!/bin/sh\n{body}\n", "700");

    public string Write(string name, string content, string octalMode)
    {
        var path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octalMode, 8));
        return path;
    }

    public string MakeDirectory(string name) => Directory.CreateDirectory(this[name]).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // .NET cannot delete files whose names are not UTF-8, and a process for each test would be dear.
            Programs.RunOrThrow("rm", ["-rf", Path]);
        }
    }
}
