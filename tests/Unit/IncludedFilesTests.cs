using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

/// <summary>Files that a configuration includes: what wins, and where a problem is.</summary>
public sealed class IncludedFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("assimilator-include-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("the included value counts where no other is", "[include]\n1 = a.ini", "[backup]\ncompression = zstd", "", "zstd")]
    [InlineData("the configuration's own value wins", "[backup]\ncompression = lzma\n[include]\n1 = a.ini", "[backup]\ncompression = zstd", "", "lzma")]
    [InlineData("the later file wins", "[include]\n1 = a.ini\n2 = b.ini", "[backup]\ncompression = zstd", "[backup]\ncompression = zlib", "zlib")]
    [InlineData("labels give the order", "[include]\n2 = a.ini\n1 = b.ini", "[backup]\ncompression = zstd", "[backup]\ncompression = zlib", "zstd")]
    [InlineData("what a file includes comes before it", "[include]\n1 = a.ini", "[include]\n1 = b.ini\n[backup]\ncompression = zstd",
        "[backup]\ncompression = zlib", "zstd")]
    [InlineData("a path from the directory of the file", "[include]\n1 = ./sub/../a.ini", "[backup]\ncompression = zstd", "", "zstd")]
    public void What_wins(string why, string main, string a, string b, string expected)
    {
        var values = Read(main, a, b);
        Assert.True(expected == values.Get(Schema.Compression), why);
        Assert.Empty(values.Problems);
    }

    [Fact]
    public void Lists_grow_by_label()
    {
        var values = Read("[include]\n1 = a.ini\n[excludes]\nown = /x\ncache = /mine", "[excludes]\ncache = /shared\ntmp = /tmp", "");
        Assert.Equal(["/mine", "/x", "/tmp"], values.List(Schema.Excludes).Select(item => item.Value));
    }

    [Theory]
    [InlineData("[include]\n1 = a.ini", "[backup]\nname = a/b", "", "a.ini:2: [backup] name: expected at most 100 bytes, no '/' and no leading '.', found 'a/b'")]
    [InlineData("[include]\n1 = a.ini", "[backup]\nx = 1", "", "a.ini:2: [backup] x: unknown key")]
    [InlineData("[include]\n1 = a.ini", "x = 1", "", "a.ini:1: expected a section header like '[backup]' before the first key")]
    [InlineData("[include]\n1 = a.ini", "[x]", "", "a.ini:1: [x]: unknown section")]
    [InlineData("[include]\n1 = a.ini\n[backup]\nname = a/b", "[backup]\nname = fine", "", "main.ini:4: [backup] name: expected at most")]
    [InlineData("[include]\n1 = a.ini", "[backup]\nname = a\nname = b", "", "a.ini:3: [backup] name: duplicate key, already set on line 2")]
    [InlineData("[include]\n1 = c.ini", "", "", "main.ini:2: [include] 1: DIR/c.ini does not exist")]
    [InlineData("[include]\n1 = a.ini", "[include]\n1 = main.ini", "", "a.ini:2: [include] 1: DIR/main.ini also includes this file: a loop")]
    [InlineData("[include]\n1 = a.ini", "[include]\n1 = b.ini", "[include]\nself = b.ini", "b.ini:2: [include] self: DIR/b.ini also includes this file: a loop")]
    [InlineData("[include]\n1 = ${NOTHING}/a.ini", "", "", "main.ini:2: [include] 1: the environment variable NOTHING is not set")]
    [InlineData("[include]\n1 = .", "", "", "main.ini:2: [include] 1: DIR is a directory, expected a file")]
    [InlineData("[include]\n1 = a.ini", "[repository]\npassphrase = secret", "",
        "a.ini:2: [repository] passphrase: contains a secret, but DIR/a.ini ")]
    public void Which_line_is_named(string main, string a, string b, string expected)
    {
        Write("main.ini", main);
        Write("a.ini", a);
        Write("b.ini", b);
        var result = ConfigurationReader.Read(Path.Combine(_directory, "main.ini"), new Dictionary<string, string> { ["HOME"] = "/root", ["PATH"] = "" });
        Assert.Contains(result.Problems, problem => problem.Describe(Path.Combine(_directory, "main.ini"))
            .StartsWith($"{_directory}/{expected.Replace("DIR", _directory, StringComparison.Ordinal)}", StringComparison.Ordinal));
        Assert.Equal(main.Contains("[include]\n1 = a.ini", StringComparison.Ordinal) && !expected.Contains("include", StringComparison.Ordinal)
            && !expected.Contains(" name", StringComparison.Ordinal) && !expected.Contains("header", StringComparison.Ordinal), result.CanReport);
    }

    private ConfigurationValues Read(string main, string a, string b)
    {
        Write("a.ini", a);
        Write("b.ini", b);
        return new(IncludedFiles.Read(main, Path.Combine(_directory, "main.ini"), new Dictionary<string, string>()), new Dictionary<string, string>());
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, $"{text}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
