using System.Text;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Secrets go in and never come out: not on the terminal, in syslog, in the textfile, in the state, in the gateway,
/// nor in the environment or the arguments of anything that runs, whatever happens.</summary>
public sealed class CanaryTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>, IDisposable
{
    /// <summary>Where the passphrase comes from; the gateway's secret comes along, each time from another place.</summary>
    private static readonly Dictionary<string, Action<CanaryBackup>> Plants = new()
    {
        ["passphrase"] = canary =>
        {
            canary.Backup.Set("repository", "passphrase", Canary.Passphrase);
            canary.Backup.Set("pushgateway", "username", "u").Set("pushgateway", "password", Canary.Token);
        },
        ["passphrase_file"] = canary =>
        {
            canary.Backup.Set("repository", "passphrase_file", PlantedFile(canary, Canary.Passphrase));
            canary.Backup.Set("pushgateway", "username", "u").Set("pushgateway", "password_file", PlantedFile(canary, Canary.Token));
        },
        ["a credential of systemd"] = canary =>
        {
            var file = PlantedFile(canary, Canary.Passphrase);
            canary.Backup.Environment["CREDENTIALS_DIRECTORY"] = Path.GetDirectoryName(file);
            canary.Backup.Set("repository", "passphrase_file", $"${{CREDENTIALS_DIRECTORY}}/{Path.GetFileName(file)}");
            canary.Backup.Set("pushgateway", "bearer_token_file", PlantedFile(canary, Canary.Token));
        },
        ["a variable"] = canary =>
        {
            canary.Backup.Environment["MY_SECRET"] = Canary.Passphrase;
            canary.Backup.Set("repository", "passphrase", "${MY_SECRET}");
            canary.UserInfo = $"u:{Uri.EscapeDataString(Canary.Token)}@";
        },
        ["BORG_PASSPHRASE"] = canary =>
        {
            canary.Backup.Environment["BORG_PASSPHRASE"] = Canary.Passphrase;
            canary.Backup.Environment["MY_SECRET"] = Uri.EscapeDataString(Canary.Token);
            canary.UserInfo = "u:${MY_SECRET}@";
        },
        ["passcommand"] = canary => canary.Backup.Set("repository", "passcommand", $"cat {PlantedFile(canary, Canary.Passphrase)}"),
        ["BORG_PASSCOMMAND"] = canary =>
            canary.Backup.Environment["BORG_PASSCOMMAND"] = $"cat {PlantedFile(canary, Canary.Passphrase)}",
    };

    private readonly CanaryBackup _canary = new(gateway.Server);

    public static TheoryData<string, string> Matrix
    {
        get
        {
            // What fails is all the same to where the secret came from: each of the one with three of the other.
            var matrix = new TheoryData<string, string>();
            foreach (var (place, plant) in Plants.Keys.Index())
            {
                var isCommand = plant.EndsWith("passcommand", StringComparison.OrdinalIgnoreCase);
                foreach (var (number, failure) in CanaryFailure.All.Index())
                {
                    if ((number + place) % Plants.Count < 3 && (!isCommand || !failure.IsToldByBorg))
                        matrix.Add(plant, failure.Name);
                }
            }
            return matrix;
        }
    }

    public void Dispose() => _canary.Dispose();

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Nothing_shows_it(string plant, string whatFails)
    {
        var failure = CanaryFailure.All.Single(failure => failure.Name == whatFails);
        Plants[plant](_canary);
        failure.Prepare(_canary);
        var result = _canary.Run();
        Assert.True(failure.ExitCode == result.ExitCode, result.ToString());
        Assert.Empty(_canary.FindIn(result, ("the gateway", gateway.Server.Text())));
        // It was there to be shown: every borg that ran had it.
        Assert.Equal(_canary.Backup.Calls().Count(call => call is "create" or "prune" or "compact"), _canary.ReceivedDigests.Count);
        Assert.All(_canary.ReceivedDigests, digest => Assert.Equal(CanaryBackup.Digest(Canary.Passphrase), digest));
        Assert.True(_canary.Syslog.Length > 0 || failure.ExitCode == 78);
        if (failure.IsToldByBorg && failure.ExitCode == 2 && !whatFails.EndsWith("version", StringComparison.Ordinal))
            Assert.Contains("***", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A gateway that sends back what it was sent, also where the text is cut.</summary>
    [Theory]
    [InlineData("passphrase", 400, 0)]
    [InlineData("passphrase_file", 401, 40)]
    [InlineData("a variable", 400, 0)]
    [InlineData("a variable", 500, 470)]
    [InlineData("passphrase", 403, 480)]
    [InlineData("passphrase", 301, 490)]
    public void Nothing_shows_what_the_gateway_sends_back(string plant, int status, int inFront)
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"u:{Canary.Token}"));
        using var echo = new RecordingGateway(response =>
        {
            response.StatusDescription = $"no {basic}";
            RecordingGateway.Answer(status, $"{new string('x', inFront)} {basic} {Canary.Token} {Uri.EscapeDataString(Canary.Token)} {basic}")(response);
        });
        _canary.GatewayUrl = echo.Url;
        Plants[plant](_canary);
        var result = _canary.Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"Basic {basic}", echo.Received[0].Authorization);
        Assert.Empty(_canary.FindIn(result, [.. echo.Received.Select(push => (push.RawUrl, push.RawUrl + push.Text))]));
        Assert.Contains($"the gateway answered {status} no ***", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A secret in a place where it does not belong.</summary>
    [Theory]
    [InlineData("[repository]\npassphrase CANARY")]
    [InlineData("[repository]\nCANARY")]
    [InlineData("[repository]\nCANARY = x")]
    [InlineData("[repository]\npasphrase = CANARY")]
    [InlineData("[backup]\npassphrase = CANARY")]
    [InlineData("[backup]\npassphrase CANARY")]
    [InlineData("[paths]\npass = CANARY")]
    [InlineData("[paths]\npassphrase = CANARY")]
    [InlineData("[patterns]\npassword = CANARY")]
    [InlineData("[patterns]\npasswrod = CANARY")]
    [InlineData("[pushgateway]\npassword CANARY")]
    [InlineData("[pushgateway]\nbearer_token = CANARY")]
    [InlineData("[pushgateway]\npassword_file = CANARY")]
    [InlineData("[pushgateway]\nbearer_token_file = CANARY")]
    [InlineData("[pushgateway]\nusername = u\npassword = CANARY\njob=")]
    [InlineData("[borg]\nenvironment = BORG_PASSPHRASE=CANARY")]
    [InlineData("[borg]\nenvironment = A=1 CANARY")]
    public void Nothing_shows_what_is_written_in_a_wrong_place(string lines)
    {
        _canary.FurtherLines = lines.Replace("CANARY", Canary.Token.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal) + "\n";
        var result = _canary.Run();
        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Empty(_canary.FindIn(result, ("the gateway", gateway.Server.Text())));
        Assert.Empty(_canary.ReceivedDigests);
    }

    [Fact]
    public void Nothing_shows_the_address_that_a_variable_holds()
    {
        Plants["passphrase_file"](_canary);
        _canary.Backup.Remove("pushgateway", "username").Remove("pushgateway", "password_file");
        _canary.Backup.Environment["PUSH_URL"] =
            _canary.GatewayUrl.Replace("://", $"://u:{Uri.EscapeDataString(Canary.Token)}@", StringComparison.Ordinal);
        _canary.GatewayUrl = "${PUSH_URL}";
        var result = _canary.Run();
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Empty(_canary.FindIn(result, ("the gateway", gateway.Server.Text())));
    }

    [Theory]
    [InlineData("plain Zq7canaryX9v")]
    [InlineData("Basic dTpacTdjYW5hcnlYOXZ6enp6")]
    [InlineData("%5aq7%63anaryX9v")]
    [InlineData("5a7137 63616e6172795839765a713763616e617279583976")]
    public void The_search_finds_it(string text) => Assert.True(Canary.IsIn(text));

    private static string PlantedFile(CanaryBackup canary, string secret) =>
        canary.Backup.Directory.Write($"planted/secret-{secret.Length}", $"{secret}\n", "400");
}
