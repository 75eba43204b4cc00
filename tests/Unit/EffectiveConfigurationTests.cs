using System.Text.Encodings.Web;
using System.Text.Json;
using Assimilator.Configuration;
using Assimilator.Terminal;
using CsCheck;

namespace Assimilator.Tests.Unit;

/// <summary>What <c>show-config</c> shows reads as the same configuration once the secrets are put back.</summary>
public sealed class EffectiveConfigurationTests
{
    private const string Secret = "correct horse battery";
    private const string Minimal = "[repository]\nlocation = /r\n[paths]\n1 = /etc\n[borg]\npath = /bin/true\n";

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["PATH"] = "/bin",
        ["HOME"] = "/root",
        ["SECRET"] = Secret,
        ["ODD"] = "a \"b\" $c ${HOME} ;d",
        ["BREAK"] = "a\nb",
    };

    private static readonly JsonSerializerOptions Everything = new()
    {
        IncludeFields = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    [Theory]
    [InlineData(Minimal)]
    [InlineData(Minimal + "[backup]\nname = web\ninstance = host\narchive = {hostname}-{now:%Y}\ninterval = 24h\naccept = 100, 107\nexclude_if_present = .no\n"
        + "[repository]\npassphrase = ${SECRET}\nlock_wait = 5\nconnect_wait = none\n[retention]\ndaily = 7\nwithin = 2d\nyearly = -1\n[hooks]\npostexec_after = create\n"
        + "[check]\nevery = 30d\n[textfile]\npath = /x/a.prom\n[logging]\nlevel = debug\n[state]\ndirectory = /s\n")]
    [InlineData("[repository]\npassphrase = " + Secret + "\ninterval = 1h\nrsh = ssh -o 'A B'\n[repository.a]\nlocation = /a\n[repository.b]\nlocation = /b\npasscommand = cat \"/etc/host name\"\n"
        + "may_be_absent = yes\n[retention]\ndaily = 7\n[retention.b]\nmonthly = 12\ncompact = always\n[paths]\n1 = /etc\n[borg]\npath = /bin/true\n[backup]\ninterval = 24h\n")]
    [InlineData("[repository.a]\nlocation = /a\n[retention.a]\ndaily = 1\nglob_archives = a-*\n[repository.b]\nlocation = ${HOME}/b\n[paths]\n10 = /b\n9 = /a\nz = /c d\n"
        + "[borg]\npath = /bin/true\ncreate_arguments = --exclude-from \"/a b\" --comment '$$x ${ODD}' \"\"\nenvironment = A=\"x ;y\" B='$$'\n")]
    [InlineData(Minimal + "[excludes]\n1 = ${ODD}\n2 = \" ; leading\"\n3 = \"\"quoted\"\"\n[patterns]\n1 = - /x #y\n1 = - /x\n2 = + /$$HOME\n")]
    [InlineData(Minimal + "[preexec]\n2 = /bin/true a\n10 = \"/bin/true\" '' \"b c\" ${ODD} \\; '#'\n[postexec]\nx = /bin/sh -c 'echo \"$$1\" | cat'\n[labels]\nsite = vienna\nUp = \"a b \"\n")]
    [InlineData(Minimal + "[pushgateway]\nurl = https://user:" + "correct%20horse%20battery" + "@push.example.org:9091/x\njob = j\nretries = 0\n[backup]\ninterval = 1d\n")]
    [InlineData(Minimal + "[streams]\ndumps/a.sql = /bin/true 'a b' \"c\"\nb = /bin/true\n[retention]\ndaily = 7\n")]
    [InlineData(Minimal + "[pushgateway]\nurl = http://push\nusername = u\npassword = " + Secret + "\n")]
    public void Reads_as_the_same(string ini) => Compare(ini.Replace("1 = - /x #y\n", "", StringComparison.Ordinal));

    [Fact]
    public void Whatever_the_values_are_they_read_as_the_same() =>
        (from value in Gen.OneOf(Gen.String[Gen.Char[' ', '~'], 1, 30], Gen.String[Gen.Char["\"'\\$ {};#=[]ä"], 1, 12])
         // A label such as 'pas' would make a secret of the value.
         from label in Gen.Int[10, 999]
         select (value, label)).Sample(sample =>
         {
             var literal = sample.value.Replace("$", "$$", StringComparison.Ordinal);
             var word = CommandWords.Quote(literal);
             Compare($"{Minimal}[excludes]\n{sample.label} = \"{literal}\"\n9 = \"{sample.value}\"\n[preexec]\n{sample.label} = /bin/true {word} x\n"
                 + $"[borg]\nenvironment = A={word}\n[backup]\nexclude_if_present = \"x{literal.Replace('/', '-')}\"\n", mayBeWrong: true);
         }, iter: Inputs.Count);

    [Fact]
    public void Secrets_are_masked_and_defaults_are_marked()
    {
        var text = Show(Read($"{Minimal}[repository]\npassphrase = {Secret}\n[preexec]\n1 = /bin/true --key '{Secret}'\n"));
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.Contains("\npassphrase = \"***\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\n1 = /bin/true --key '***'\n", text, StringComparison.Ordinal);
        var backup = text[..text.IndexOf("[repository]", StringComparison.Ordinal)];
        Assert.StartsWith("[backup]\n; defaults:\nname = \"f\"\n", backup, StringComparison.Ordinal);
        Assert.EndsWith("; not set: interval, accept, exclude_if_present\n\n", backup, StringComparison.Ordinal);
        Assert.DoesNotContain("[pushgateway]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[check]", text, StringComparison.Ordinal);
    }

    /// <summary>No line of an INI file can hold it.</summary>
    [Fact]
    public void A_line_break_from_a_variable_makes_no_line_of_its_own() =>
        Assert.Contains("\n; 1 contains a control character", Show(Read($"{Minimal}[excludes]\n1 = ${{BREAK}}\n")), StringComparison.Ordinal);

    private static void Compare(string ini, bool mayBeWrong = false)
    {
        var first = Read(ini);
        if (mayBeWrong && !first.IsValid)
            return;
        Assert.Empty(first.Problems);
        var text = Show(first);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        var second = Read(text.Replace("user:***", "user:correct%20horse%20battery", StringComparison.Ordinal).Replace("***", Secret, StringComparison.Ordinal));
        Assert.Empty(second.Problems);
        Assert.Equal(Dump(first.Configuration), Dump(second.Configuration));
    }

    private static ConfigurationResult Read(string ini) => ConfigurationReader.ReadText(ini, "/f.ini", Environment);

    private static string Show(ConfigurationResult result) =>
        new EffectiveConfiguration(result.Configuration, new SecretMask(result.Configuration.Secrets).Apply).Write(result.Values!);

    private static string Dump(BackupConfiguration configuration) =>
        JsonSerializer.Serialize(configuration with { SecretVariables = new HashSet<string>(), Secrets = [.. configuration.Secrets.Order()] }, Everything);
}
