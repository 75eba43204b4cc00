using Assimilator.Files;
using Assimilator.Native;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Unit;

/// <summary>What happens between a look at the way to a file and its use, which from outside is seldom hit.</summary>
public sealed class FileTrustTests
{
    [Fact]
    public void A_link_that_has_come_in_the_way_is_not_followed()
    {
        using var directory = new TestDirectory();
        directory.MakeDirectory("a/b");
        Directory.CreateSymbolicLink(directory["link"], directory["a"]);
        Directory.CreateSymbolicLink(directory["a/link"], directory["a/b"]);
        LibC.OpenDirectory(directory["a/b"]).Dispose();
        Assert.Throws<IOException>(() => LibC.OpenDirectory(directory["link"]));
        Assert.Throws<IOException>(() => LibC.OpenDirectory(directory["link/b"]));
        Assert.Throws<IOException>(() => LibC.OpenDirectory(directory["a/link"]));
    }

    [Fact]
    public void What_others_have_taken_away_for_the_moment_is_not_believed()
    {
        var missing = $"/tmp/{Guid.NewGuid()}";
        foreach (var path in new[] { missing, $"{missing}/script" })
        {
            Assert.Equal(missing, Assert.Single(FileTrust.OfFile(path)).Path);
            Assert.Equal(missing, Assert.Single(FileTrust.OfStateDirectory(path)).Path);
        }
        using var directory = new TestDirectory();
        Assert.Empty(FileTrust.OfFile(directory["missing"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/script")]
    public void What_others_have_exchanged_for_a_pipe_is_not_believed(string below)
    {
        using var directory = new TestDirectory();
        Users.RunAsRoot("sh", "-c", $"chmod 1777 {directory.Path}; mkfifo -m 644 {directory["pipe"]}; chown {TrustScene.User} {directory["pipe"]}");
        var expected = new Distrust(directory["pipe"], $"belongs to user {TrustScene.User}, who could change it",
            $"chown {Environment.UserName} {directory["pipe"]}", IsOfAnother: true);
        Assert.Equal([expected], FileTrust.OfFile(directory["pipe"] + below));
        Assert.Equal([expected], FileTrust.OfStateDirectory(directory["pipe"] + below));
    }

    [Fact]
    public void A_name_that_is_taken_is_not_written_through()
    {
        using var directory = new TestDirectory();
        var precious = directory.Write("precious", "x");
        using var handle = LibC.OpenDirectory(directory.Path);
        File.CreateSymbolicLink(directory["link"], precious);
        File.CreateSymbolicLink(directory["dangling"], directory["missing"]);
        Assert.Throws<IOException>(() => LibC.CreateFile(handle, "precious"));
        Assert.Throws<IOException>(() => LibC.CreateFile(handle, "link"));
        Assert.Throws<IOException>(() => LibC.CreateFile(handle, "dangling"));
        Assert.Equal("x", File.ReadAllText(precious));
    }

    [Fact]
    public void A_link_to_a_file_is_followed_only_where_nobody_could_have_put_it()
    {
        using var directory = new TestDirectory();
        File.CreateSymbolicLink(directory["link"], directory.Write("file", "x"));
        Assert.Equal(new FileText("x", null), TextFile.Read(directory["link"]));
        using var handle = FileTrust.OpenDirectory(directory.Path);
        Assert.Equal(new FileText(null, "is a link, expected a file"), TextFile.Read(handle, "link", 100));
    }

    [Theory]
    [InlineData("0:33", "1000")]
    [InlineData("0:34", "0")]
    [InlineData("0:35", null)]
    [InlineData("0:3", "else")]
    public void Who_mounted_a_file_system_in_user_space_is_read_where_nobody_can_choose(string device, string? user) => Assert.Equal(user,
        TrustedUsers.ServerIn(
        [
            "36 35 0:33 / /a\\040user_id=0,b rw,nosuid shared:1 - fuse.,user_id=0, ,user_id=0,x rw,user_id=1000,group_id=0,allow_other",
            "37 35 0:34 / /b rw - fuse.sshfs host: rw,user_id=0,group_id=1000",
            "38 35 0:35 / /c rw - virtiofs ,user_id=1000, rw",
        ], device, orElse: () => "else"));

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/bin/sh")]
    [InlineData("/dev/null")]
    [InlineData("/proc/self/exe/missing")]
    [InlineData("/nonexistent/file")]
    public void Nothing_is_said_of_what_is_in_order_or_not_there(string path) => Assert.Empty(FileTrust.OfFile(path));
}
