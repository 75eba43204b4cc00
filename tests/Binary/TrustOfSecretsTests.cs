using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.TrustScene;

namespace Assimilator.Tests.Binary;

/// <summary>A file with a secret is for its owner alone; or for a group, where that is how root gives it to us.</summary>
public sealed class TrustOfSecretsTests
{
    private const string Secret = "error: FILE:15: [repository] passphrase_file: DIR/passphrase contains a secret, but ";

    [Theory]
    [InlineData(Root, "root:root", "600", null, "")]
    [InlineData(Root, "root:root", "400", null, "")]
    [InlineData(Root, "root:root", "640", "is readable by group 0", "chmod 600 DIR/passphrase")]
    [InlineData(Root, "root:4242", "440", "is readable by group 4242", "chmod 600 DIR/passphrase")]
    [InlineData(Root, "root:root", "604", "is readable by everyone", "chmod o= DIR/passphrase")]
    [InlineData(User, "33:33", "600", null, "")]
    [InlineData(User, "33:33", "640", "is readable by group 33", "chmod 600 DIR/passphrase")]
    [InlineData(User, "33:33", "644", "is readable by everyone", "chmod o= DIR/passphrase")]
    [InlineData(User, "root:33", "640", null, "")]
    [InlineData(User, "root:33", "440", null, "")]
    [InlineData(User, "root:33", "644", "is readable by everyone", "chmod o= DIR/passphrase")]
    public void A_secret_file_is_for_its_owner(uint user, string owner, string mode, string? readers, string remedy)
    {
        using var scene = new TrustScene().Prepare(user, $"chown {owner} DIR/passphrase; chmod {mode} DIR/passphrase");
        var result = scene.Run(user);
        if (readers is null)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, $"{Secret}{readers}", $"hint: {remedy}");
    }

    /// <summary>ssh would not use it either.</summary>
    [Theory]
    [InlineData(Root, "root:root", "644", "is readable by everyone")]
    [InlineData(Root, "root:root", "640", "is readable by group 0")]
    [InlineData(Root, "root:root", "600", null)]
    [InlineData(User, "root:33", "440", null)]
    public void A_private_key_is_a_secret_file(uint user, string owner, string mode, string? readers)
    {
        using var scene = new TrustScene();
        scene.Backup.Directory.Write("key", "x");
        scene.Backup.Set("repository", "identity_file", "DIR/key");
        scene.Prepare(user, $"chown {owner} DIR/key; chmod {mode} DIR/key");
        var result = scene.Run(user);
        if (readers is null)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, $"error: FILE:14: [repository] identity_file: DIR/key contains a secret, but {readers}", "hint: chmod ");
    }

    [Theory]
    [InlineData(Root, "root:root", "640", "is readable by group 0")]
    [InlineData(User, "33:33", "644", "is readable by everyone")]
    [InlineData(User, "root:33", "640", null)]
    public void A_configuration_with_a_secret_is_a_secret_file(uint user, string owner, string mode, string? readers)
    {
        using var scene = new TrustScene();
        scene.Backup.Remove("repository", "passphrase_file").Set("repository", "passphrase", "hunter2");
        scene.Prepare(user, $"chown {owner} FILE; chmod {mode} FILE");
        var result = scene.Run(user);
        if (readers is null)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, $"error: FILE:15: [repository] passphrase: contains a secret, but FILE {readers}",
                "hint: chmod ");
    }

    /// <summary>systemd gives the unit's user access by a list, which shows as group permissions.</summary>
    [Theory]
    [InlineData("DIR/credentials/passphrase", "640", null)]
    [InlineData("DIR/credentials/passphrase", "644", "is readable by everyone")]
    [InlineData("DIR/credentials/../passphrase", "640", "is readable by group 33")]
    public void A_credential_of_systemd_may_show_as_readable_by_its_group(string file, string mode, string? readers)
    {
        using var scene = new TrustScene();
        scene.Backup.Set("repository", "passphrase_file", file).Environment["CREDENTIALS_DIRECTORY"] = scene.Filled("DIR/credentials");
        scene.Prepare(User, $"mkdir DIR/credentials; cp -p DIR/passphrase DIR/credentials; chown -R 33:33 DIR/credentials; chmod {mode} {file}");
        var result = scene.Run(User);
        if (readers is null)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, $"error: FILE:15: [repository] passphrase_file: {file} contains a secret, but {readers}", "hint: chmod ");
    }

    [Theory]
    [InlineData("correct horse\n", "")]
    [InlineData("correct horse\r\n", "")]
    [InlineData("correct horse", "")]
    [InlineData("", "is empty, expected a secret")]
    [InlineData("\n\n", "is empty, expected a secret")]
    public void A_secret_is_what_stands_in_front_of_the_line_feed(string content, string problem)
    {
        using var scene = new TrustScene();
        scene.Backup.Directory.Write("passphrase", content);
        scene.Backup.WithStandIn(create: $"cat <&3 > '{scene.Backup.Directory["taken"]}'; echo \"$JSON\"");
        scene.Prepare(Root, ":");
        var result = scene.Run(Root);
        if (problem.Length > 0)
            scene.IsRefused(result, $"error: FILE:15: [repository] passphrase_file: DIR/passphrase {problem}");
        else
            Assert.Equal("correct horse", Users.RunAsRoot("cat", scene.Filled("DIR/taken")).TrimEnd('\n'));
    }
}
