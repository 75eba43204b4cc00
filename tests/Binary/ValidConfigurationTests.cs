using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>What looks like a mistake and is none.</summary>
public sealed class ValidConfigurationTests
{
    [Theory]
    [InlineData("name", "archive = {hostname}-{{x}}-{utcnow:%s}")]
    [InlineData("name", "compression = obfuscate,110,auto,zstd,22")]
    [InlineData("location", "location = ssh://borg@[2001:db8::1]:2222/./web")]
    [InlineData("location", "location = ssh://nas/~/web@home:1")]
    [InlineData("location", "location = /srv/borg@nas:1")]
    [InlineData("passphrase_file", "passphrase = \"a ; b # c\"")]
    [InlineData("passphrase_file", "passphrase = a;b#c$d$$e\\")]
    [InlineData("passphrase_file", "PASSCOMMAND = sh -c 'cat /x;true'")]
    [InlineData("[state]", "[excludes]\n1 = a;b#c\n2 = \"a # b\"\n3 = $$HOME/$x$\n[state]")]
    [InlineData("[state]", "[preexec]\n2 = /bin/sh -c 'a ; b # c' \"; d\" \\#\n[state]")]
    [InlineData("[state]", "[labels]\nLocation = vienna\n[state]")]
    [InlineData("[state]", "[ Hooks ]\nON_FAILURE = Continue\ntimeout = none\n[state]")]
    [InlineData("path = ", "path = DIR/borg-stand-in\ncreate_arguments = --no-files-cache --comment 'x # y'")]
    [InlineData("path = ", "path = DIR/borg-stand-in\nenvironment = A=\"b ; c\" LANG=C.UTF-8")]
    public void IsInOrder(string line, string by)
    {
        using var configuration = new BrokenConfiguration();
        AssertInOrder(configuration.Replace(line, by));
    }

    [Fact]
    public void LongLineIsInOrder()
    {
        using var configuration = new BrokenConfiguration();
        AssertInOrder(configuration.Append($"[excludes]\n1 = {new string('x', 200_000)}"));
    }

    [Theory]
    [InlineData("passphrase_file", "passphrase = ${SECRET}")]
    [InlineData("[state]", "[pushgateway]\nurl = https://u:${SECRET}@h\n[state]")]
    public void SecretOfTheEnvironmentMayBeNamedWhereEverybodyCanRead(string line, string by)
    {
        using var configuration = new BrokenConfiguration();
        configuration.Backup.Environment["SECRET"] = BrokenConfiguration.Canary;
        AssertInOrder(configuration.Replace(line, by), "644");
    }

    [Fact]
    public void WindowsLineEndsAndAByteOrderMarkAreInOrder()
    {
        using var configuration = new BrokenConfiguration();
        configuration.Text = $"\ufeff{configuration.Text.ReplaceLineEndings("\r\n")}";
        AssertInOrder(configuration);
    }

    private static void AssertInOrder(BrokenConfiguration configuration, string octalMode = "600")
    {
        configuration.Write(octalMode);

        var result = configuration.RunAsWritten("validate");

        Assert.Equal("", result.Error);
        Assert.Equal($"assimilator: {configuration.Backup.ConfigurationFile} is valid\n", result.Output);
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(configuration.Backup.Calls());
    }
}
