using Assimilator.Borg;
using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed class BorgEnvironmentTests
{
    private const string Ssh = "ssh -o BatchMode=yes -o ServerAliveInterval=10 -o ServerAliveCountMax=30";

    /// <summary>In each environment but where the tests are about it.</summary>
    private const string Home = "HOME=/nonexistent";

    private const string Modern = "BORG_EXIT_CODES=modern";

    private static readonly RepositorySettings Local = Samples.Repository;
    private static readonly RepositorySettings Remote = Local with { Location = "ssh://borg@host/./web" };

    [Fact]
    public void Hands_on_what_was_inherited() => Assert.Equal(
        ["BORG_BASE_DIR=/b", "LANG=C", "PATH=/bin", "SSH_AUTH_SOCK=/s", "XDG_CACHE_HOME=/c", "http_proxy=p"],
        Of(Local, ["PATH=/bin", "LANG=C", "BORG_BASE_DIR=/b", "SSH_AUTH_SOCK=/s", "XDG_CACHE_HOME=/c", "http_proxy=p"]));

    [Fact]
    public void Leaves_the_inherited_environment_as_it_is()
    {
        var inherited = new Dictionary<string, string> { ["BORG_PASSPHRASE"] = "old", ["X"] = "1" };
        var configuration = Samples.Configuration with
        {
            SecretVariables = new HashSet<string> { "X" },
        };
        BorgEnvironment.Of(configuration, Remote with { Passphrase = "new" }, inherited, hasPassphrase: true, selfTest: false);
        Assert.Equal(new Dictionary<string, string> { ["BORG_PASSPHRASE"] = "old", ["X"] = "1" }, inherited);
    }

    [Fact]
    public void Says_where_the_passphrase_is_in_place_of_every_inherited_one() => Assert.Equal(
        ["BORG_PASSPHRASE_FD=3", "LANG=C"],
        Of(Local with { Passphrase = "correct horse" },
            ["LANG=C", "BORG_PASSPHRASE=old", "BORG_PASSCOMMAND=cat", "BORG_PASSPHRASE_FD=3",
                "BORG_NEW_PASSPHRASE=x", "BORG_OTHER_PASSPHRASE=x", "BORG_DEBUG_PASSPHRASE=YES"]));

    [Theory]
    [InlineData("BORG_LOGGING_CONF=x")]
    [InlineData("BORG_CREATE__STATS=true")]
    [InlineData("BORG_EXIT_CODES=legacy")]
    [InlineData("BORG_ARCHIVE=x")]
    [InlineData("BORG_REPOSITORY_PERMISSIONS=x")]
    public void Lets_no_variable_change_what_borg_prints(string variable)
    {
        Assert.Equal(["LANG=C"], Of(Local, ["LANG=C", variable]));
        Assert.Equal("modern", BorgEnvironment.Of(Samples.Configuration, Samples.Repository, Variables([variable]), hasPassphrase: false, selfTest: true)["BORG_EXIT_CODES"]);
    }

    [Theory]
    [InlineData("", "LC_CTYPE=C.UTF-8")]
    [InlineData("LANG=", "LANG= LC_CTYPE=C.UTF-8")]
    [InlineData("LC_CTYPE=", "LC_CTYPE=C.UTF-8")]
    [InlineData("LC_TIME=de_AT.UTF-8", "LC_CTYPE=C.UTF-8 LC_TIME=de_AT.UTF-8")]
    [InlineData("LANG=de_AT.UTF-8", "LANG=de_AT.UTF-8")]
    [InlineData("LC_ALL=C", "LC_ALL=C")]
    [InlineData("LC_CTYPE=en_US.ISO-8859-1", "LC_CTYPE=en_US.ISO-8859-1")]
    public void Sets_an_encoding_where_none_is_set(string inherited, string expected) => Assert.Equal(
        expected, string.Join(' ', Of(Local, inherited.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

    [Fact]
    public void Skips_the_self_test_where_it_was_passed() => Assert.Equal(
        ["BORG_SELFTEST=disabled", "LANG=C"],
        Texts(BorgEnvironment.Of(Samples.Configuration, Samples.Repository, Variables(["LANG=C"]), hasPassphrase: false, selfTest: false)));

    [Fact]
    public void Uses_ssh_that_neither_asks_nor_hangs() =>
        Assert.Equal([$"BORG_RSH={Ssh}", "LANG=C"], Of(Remote, ["LANG=C"]));

    [Fact]
    public void Keeps_an_inherited_remote_shell() => Assert.Equal(
        ["BORG_RSH=ssh -p 2222", "LANG=C"], Of(Remote, ["LANG=C", "BORG_RSH=ssh -p 2222"]));

    [Theory]
    [InlineData("/root/key", "/root/key")]
    [InlineData("/root/my key", "'/root/my key'")]
    [InlineData("/root/it's", "'/root/it'\"'\"'s'")]
    public void Uses_only_the_identity_file(string file, string quoted) => Assert.All(
        [Of(Remote with { IdentityFile = file }, ["LANG=C"]),
            Of(Remote with { IdentityFile = file }, ["LANG=C", "BORG_RSH=ssh -p 2222"])],
        environment => Assert.Equal([$"BORG_RSH={Ssh} -i {quoted} -o IdentitiesOnly=yes", "LANG=C"], environment));

    [Fact]
    public void Uses_the_configured_remote_shell() => Assert.Equal(
        ["BORG_RSH=ssh -J jump", "LANG=C"], Of(Remote with { Rsh = "ssh -J jump" }, ["LANG=C", "BORG_RSH=old"]));

    [Fact]
    public void Adds_the_identity_file_to_the_configured_remote_shell() => Assert.Equal(
        ["BORG_RSH=ssh -J jump -i '/root/my key' -o IdentitiesOnly=yes", "LANG=C"],
        Of(Remote with { Rsh = "ssh -J jump", IdentityFile = "/root/my key" }, ["LANG=C"]));

    [Fact]
    public void Needs_no_remote_shell_for_a_local_repository() =>
        Assert.Equal(["LANG=C"], Of(Local with { IdentityFile = "/root/key" }, ["LANG=C"]));

    [Fact]
    public void Keeps_the_variables_of_secrets_from_borg()
    {
        var configuration = Samples.Configuration with
        {
            SecretVariables = new HashSet<string> { "XDG_SECRET" },
        };
        var inherited = Variables(["LANG=C", "XDG_SECRET=new"]);
        Assert.Equal(
            ["BORG_PASSPHRASE_FD=3", "LANG=C"],
            Texts(BorgEnvironment.Of(configuration, Local with { Passphrase = "new" }, inherited, hasPassphrase: true, selfTest: true)));
    }

    [Fact]
    public void Lets_the_configured_variables_win()
    {
        var configuration = Samples.Configuration with
        {
            Borg = Samples.Configuration.Borg with
            {
                Environment =
                    [("BORG_RSH", "mine"), ("BORG_SELFTEST", "enabled"), ("LC_CTYPE", "C"), ("A", "b=c"), ("E", "")],
            },
        };
        Assert.Equal(
            ["A=b=c", "BORG_RSH=mine", "BORG_SELFTEST=enabled", "E=", "LC_CTYPE=C"],
            Texts(BorgEnvironment.Of(configuration, Remote, Variables(["LC_CTYPE=inherited"]), hasPassphrase: false, selfTest: false)));
    }

    /// <summary>Newer borgs have no option for it.</summary>
    [Fact]
    public void Names_the_borg_of_the_other_host() =>
        Assert.Equal(["BORG_REMOTE_PATH=/opt/borg 1", "LANG=C"], Of(Local with { RemotePath = "/opt/borg 1" }, ["LANG=C", "BORG_REMOTE_PATH=old"]));

    /// <summary>Borg would go by USER.</summary>
    [Theory]
    [InlineData("USER=daemon")]
    [InlineData("USER=daemon HOME=")]
    public void Gives_our_own_home_where_there_is_none(string inherited)
    {
        var environment = inherited.Split(' ').Select(text => text.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            BorgEnvironment.Of(Samples.Configuration, Samples.Repository, environment, hasPassphrase: false, selfTest: true)["HOME"]);
    }

    private static List<string> Of(RepositorySettings repository, IEnumerable<string> inherited) => Texts(BorgEnvironment.Of(
        Samples.Configuration, repository, Variables(inherited), repository.Passphrase is not null, selfTest: true));

    private static Dictionary<string, string> Variables(IEnumerable<string> texts) =>
        texts.Append(Home).Select(text => text.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private static List<string> Texts(IReadOnlyDictionary<string, string> environment) =>
        [.. environment.Select(variable => $"{variable.Key}={variable.Value}").Where(text => text is not (Home or Modern))
            .Order(StringComparer.Ordinal)];
}
