using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.RecordingGateway;

namespace Assimilator.Tests.Binary;

/// <summary>Passwords and tokens: taken by the real thing, sent nowhere else, and never shown.</summary>
public sealed class AuthenticationTests : IDisposable
{
    private const string Secret = "hunter2";

    // bcrypt of the secret, as `htpasswd -nbBC 4` makes it.
    private const string Hash = "$2a$04$PVdAkZFgTiXm.5vmABZtL.B7Ch1cKNOYWkWJ./gqsB2weZhsqx.2q";

    private const string AuthorizationHint = "check username and password_file, or bearer_token_file";

    private readonly TestBackup _backup = new TestBackup().WithStandIn().Set("backup", "instance", "h");

    public void Dispose() => _backup.Dispose();

    [Theory]
    [InlineData(Secret, 0)]
    [InlineData("another", 1)]
    public void Password_at_the_real_gateway(string password, int exitCode)
    {
        using var gateway = Pushgateway();
        SetPassword(password);
        if (exitCode == 0)
            Delivers(gateway.Url);
        else
            NotDelivered(gateway.Url, "the gateway answered 401 Unauthorized: Unauthorized", AuthorizationHint);
    }

    [Theory]
    [InlineData(Secret, 0)]
    [InlineData("another", 1)]
    public void Token_at_nginx(string token, int exitCode)
    {
        var authority = new CertificateAuthority(_backup.Directory);
        using var nginx = new NginxServer(_backup.Directory, authority.Issue("IP:127.0.0.1"),
            $"if ($http_authorization != \"Bearer {Secret}\") {{ return 401; }}");
        _backup.Set("pushgateway", "ca_file", authority.CertificateFile);
        SetToken(token);
        if (exitCode == 0)
            Delivers(nginx.Url);
        else
            NotDelivered(nginx.Url, "the gateway answered 401 Unauthorized: 401 Authorization Required", AuthorizationHint);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(308)]
    public void A_redirect_does_not_get_it(int status)
    {
        using var elsewhere = new RecordingGateway();
        using var gateway = new RecordingGateway(Answer(status, "", ("Location", $"{elsewhere.Url}/metrics")));
        SetToken(Secret);
        Assert.Equal(1, _backup.Set("pushgateway", "url", gateway.Url).Run().ExitCode);
        Assert.Single(gateway.Received);
        Assert.Empty(elsewhere.Received);
    }

    [Theory]
    [InlineData("http://push.invalid:9091", "push.invalid:9091")]
    [InlineData("http://[2001:db8::1]", "[2001:db8::1]")]
    [InlineData("http://127.0.0.1.example.org", "127.0.0.1.example.org")]
    public void In_clear_to_another_host_it_is_a_warning(string url, string place)
    {
        SetToken(Secret);
        WarnsOf(url, place);
    }

    [Fact]
    public void In_clear_to_a_proxy_it_is_a_warning()
    {
        SetPassword(Secret);
        _backup.Environment["http_proxy"] = $"http://u:{Secret}@proxy.invalid:3128";
        WarnsOf("http://127.0.0.1:9091", "the proxy proxy.invalid:3128");
    }

    [Theory]
    [InlineData("http", "http_proxy", "foo://")]
    [InlineData("http", "all_proxy", "proxy.test:port")]
    [InlineData("https", "HTTPS_PROXY", "foo://proxy.test:3128")]
    public void A_variable_that_names_no_proxy_is_a_warning(string scheme, string variable, string value)
    {
        _backup.Environment[variable] = value;
        Assert.Equal(
            $"assimilator: warning: {_backup.ConfigurationFile}:12: [pushgateway] url: {variable} is not the address of a proxy, "
                + $"so the push goes without one\nassimilator: hint: {variable}=http://host:port\n",
            _backup.Set("pushgateway", "url", $"{scheme}://push.invalid").Run("validate").Error);
    }

    [Theory]
    [InlineData("http_proxy", "proxy.test:3128", "")]
    [InlineData("https_proxy", "foo://", "")]
    [InlineData("http_proxy", "http://proxy.test:3128", "push.invalid")]
    public void Of_a_proxy_that_is_in_order_or_not_meant_nothing_is_said(string variable, string value, string noProxy)
    {
        (_backup.Environment[variable], _backup.Environment["no_proxy"]) = (value, noProxy);
        Assert.Equal("", _backup.Set("pushgateway", "url", "http://push.invalid").Run("validate").Error);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9091", "127.0.0.0/8")]
    [InlineData("http://push.invalid:9091", "push.invalid:9091")]
    [InlineData("http://push.invalid:9091", "localhost, *.invalid")]
    [InlineData("http://push.invalid:9091", "invalid")]
    public void What_has_no_effect_in_no_proxy_is_a_warning(string url, string exceptions)
    {
        (_backup.Environment["http_proxy"], _backup.Environment["no_proxy"]) = ("http://proxy.invalid:3128", exceptions);
        Assert.Contains($"'{exceptions.Split(", ")[^1]}' in no_proxy has no effect, so the push goes through the proxy proxy.invalid:3128",
            _backup.Set("pushgateway", "url", url).Run("validate").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("push.invalid")]
    [InlineData(".invalid")]
    [InlineData("localhost,other.invalid")]
    public void What_has_an_effect_or_is_of_another_host_is_none(string exceptions)
    {
        (_backup.Environment["http_proxy"], _backup.Environment["no_proxy"]) = ("http://proxy.invalid:3128", exceptions);
        Assert.Equal("", _backup.Set("pushgateway", "url", "http://push.invalid").Run("validate").Error);
    }

    [Fact]
    public void A_proxy_that_refuses_is_not_taken_for_the_gateway()
    {
        using var proxy = new RecordingGateway(Answer(403));
        _backup.Environment["http_proxy"] = proxy.Url;
        NotDelivered("http://127.0.0.1:9", $"the gateway or the proxy {new Uri(proxy.Url).Authority} answered 403",
            "the proxy may have refused it: check http_proxy and no_proxy");
    }

    [Fact]
    public void User_info_in_clear_is_a_warning() =>
        WarnsOf($"http://backup:{Secret}@push.invalid:9091", "push.invalid:9091");

    [Theory]
    [InlineData("http://localhost:9091")]
    [InlineData("http://127.0.0.1:9091")]
    [InlineData("http://127.1.2.3:9091")]
    [InlineData("http://[::1]:9091")]
    [InlineData("https://push.invalid:9091")]
    public void Where_nobody_can_read_it_there_is_no_warning(string url)
    {
        SetToken(Secret);
        Assert.Equal("", _backup.Set("pushgateway", "url", url).Run("validate").Error);
    }

    [Fact]
    public void Without_a_secret_there_is_no_warning() =>
        Assert.Equal("", _backup.Set("pushgateway", "url", "http://push.invalid:9091").Run("validate").Error);

    [Fact]
    public void The_warning_comes_once_and_changes_no_exit_code()
    {
        using var gateway = Pushgateway();
        SetPassword(Secret);
        _backup.Set("pushgateway", "url", $"http://push.test:{gateway.Port}").WriteConfiguration();
        var hosts = _backup.Directory.Write("hosts", "127.0.0.1 push.test\n", "644");
        var result = Programs.Run("bwrap", ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--ro-bind", hosts, "/etc/hosts",
            "--die-with-parent", Repository.Binary, "-c", _backup.ConfigurationFile], _backup.Environment);
        Assert.Equal(Warning($"push.test:{gateway.Port}"), result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void A_proxy_that_refuses_the_tunnel_shows_nothing()
    {
        using var proxy = new RecordingGateway(Answer(407));
        SetToken(Secret);
        _backup.Environment["https_proxy"] = proxy.Url.Replace("://", $"://u:{Secret}@", StringComparison.Ordinal);
        _backup.Set("pushgateway", "retries", "0");
        NotDelivered("https://push.invalid", $"the proxy {new Uri(proxy.Url).Authority} does not connect to push.invalid",
            "check https_proxy and no_proxy");
        Assert.DoesNotContain(proxy.Received, request => request.Authorization is not null);
    }

    private PushgatewayServer Pushgateway() => new(
        $"--web.config.file={_backup.Directory.Write("web.yml", $"basic_auth_users:\n  backup: {Hash}\n")}");

    private void SetPassword(string password) => _backup.Set("pushgateway", "username", "backup")
        .Set("pushgateway", "password_file", _backup.Directory.Write("password", $"{password}\n"));

    private void SetToken(string token) =>
        _backup.Set("pushgateway", "bearer_token_file", _backup.Directory.Write("token", $"{token}\n"));

    private void Delivers(string url)
    {
        var result = _backup.Set("pushgateway", "url", url).Run();
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    private void NotDelivered(string url, string words, string? hint)
    {
        var result = Words.IsNotDelivered(_backup.Set("pushgateway", "url", url), url, words, hint);
        Assert.DoesNotContain(Secret, result.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("another", result.Everything, StringComparison.Ordinal);
    }

    private void WarnsOf(string url, string place)
    {
        var result = _backup.Set("pushgateway", "url", url).Run("validate");
        Assert.Equal(Warning(place), result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    private string Warning(string place)
    {
        var line = Array.FindIndex(_backup.ConfigurationText().Split('\n'), text => text.StartsWith("url = ", StringComparison.Ordinal)) + 1;
        return $"assimilator: warning: {_backup.ConfigurationFile}:{line}: [pushgateway] url: the password or token is sent to {place} "
            + "unencrypted\nassimilator: hint: use https:// in url\n";
    }
}
