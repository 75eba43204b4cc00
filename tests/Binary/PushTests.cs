using System.Net.Sockets;
using System.Text.RegularExpressions;
using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.RecordingGateway;

namespace Assimilator.Tests.Binary;

/// <summary>The report on its way: retried where that helps, refused in plain words where it does not.</summary>
public sealed class PushTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithStandIn();

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void A_server_error_is_tried_again()
    {
        using var gateway = new RecordingGateway(Answer(500), Answer(503), Answer(200));
        Assert.Equal(0, Run(gateway.Url).ExitCode);
        Assert.Equal(3, gateway.Received.Count);
        Assert.Equal(gateway.Received[0].Text, gateway.Received[2].Text);
    }

    [Fact]
    public void Too_many_requests_are_tried_again_when_the_server_says()
    {
        using var gateway = new RecordingGateway(Answer(429, "", ("Retry-After", "1")), Answer(202));
        Assert.Equal(0, Run(gateway.Url).ExitCode);
        Assert.Equal(2, gateway.Received.Count);
    }

    [Fact]
    public void A_wait_beyond_the_deadline_is_not_waited_for()
    {
        _backup.Set("pushgateway", "timeout", "2s").Set("pushgateway", "retries", "100");
        using var gateway = new RecordingGateway(Answer(429, "", ("Retry-After", "3600")));
        var result = Run(gateway.Url);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the gateway answered 429 Too Many Requests; gave up after ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "pushed metrics are invalid")]
    [InlineData(404, "404 page not found")]
    [InlineData(413, "too large")]
    [InlineData(301, "")]
    public void A_refusal_is_final_and_its_body_is_shown(int status, string body)
    {
        using var gateway = new RecordingGateway(Answer(status, $"{body}\n", ("Location", "http://127.0.0.1:1/elsewhere")));
        var result = Run(gateway.Url);
        Assert.Equal(1, result.ExitCode);
        Assert.Single(gateway.Received);
        Assert.Contains($"assimilator: error: cannot push the report to {gateway.Url}/metrics/job/assimilator/instance/h/backup/test: "
            + $"the gateway answered {status} ", result.Error, StringComparison.Ordinal);
        Assert.Contains(body, result.Error, StringComparison.Ordinal);
    }

    /// <summary>A Pushgateway answers with nothing. A portal in the way, or a server that says yes to everything, has not kept the report.</summary>
    [Theory]
    [InlineData("text/html", "<html><head><title>Please log in</title></head></html>", "Please log in")]
    [InlineData("Text/HTML; charset=utf-8", "<title>Hotel</title>", "Hotel")]
    [InlineData("application/json", "{\"error\":\"no\"}", "{\"error\":\"no\"}")]
    [InlineData("text/plain", "ok", "ok")]
    [InlineData("text/html", "<title></title><script src=x>", "")]
    public void A_yes_with_a_text_is_not_that_of_a_Pushgateway(string type, string body, string shown)
    {
        using var gateway = new RecordingGateway(Answer(200, body, ("Content-Type", type)));
        _backup.Set("pushgateway", "url", gateway.Url).Set("backup", "instance", "h");
        Words.IsNotDelivered(_backup, gateway.Url, $"the answer is not from a Pushgateway: {shown}",
            "is url the base URL of a Pushgateway?");
        Assert.Single(gateway.Received);
    }

    [Fact]
    public void The_real_gateways_words_are_shown()
    {
        using var gateway = new PushgatewayServer();
        gateway.Put("other", "# TYPE assimilator_return_code counter\nassimilator_return_code 0\n");
        var result = Run(gateway.Url);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the gateway answered 400 Bad Request: pushed metrics are invalid or inconsistent", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_that_is_not_there_is_said_within_the_tries()
    {
        var port = Server.FreePort();
        _backup.Set("pushgateway", "retries", "2");
        var result = Run($"http://127.0.0.1:{port}");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"cannot connect to 127.0.0.1:{port}: Connection refused\n", result.Error, StringComparison.Ordinal);
        Assert.True(_backup.Memory().TryGetProperty("last_success", out _));
    }

    [Fact]
    public void An_unknown_name_is_said()
    {
        _backup.Set("pushgateway", "retries", "0");
        var result = Run("http://gateway.invalid:9091");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cannot resolve gateway.invalid: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_gateway_that_hangs_does_not_hang_the_run(bool drips)
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var serving = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                for (var i = 0; drips && i < 1000 && !stop.IsCancellationRequested; i++)
                {
                    await client.GetStream().WriteAsync("H"u8.ToArray(), stop.Token);
                    await Task.Delay(50, stop.Token);
                }
            }
        }, stop.Token);
        _backup.Set("pushgateway", "timeout", "3s");
        var result = Run($"http://{listener.LocalEndpoint}");
        stop.Cancel();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cannot push the report", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public void A_connection_that_breaks_in_the_answer_is_tried_again(string beginning)
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        _ = AnswerAsync(listener, beginning, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var result = Run($"http://{listener.LocalEndpoint}");
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    /// <summary>One raw answer a connection; one without a body is broken off with a reset.</summary>
    private static async Task AnswerAsync(TcpListener listener, params string[] answers)
    {
        foreach (var answer in answers)
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            var request = "";
            var buffer = new byte[65536];
            while (!request.Contains("assimilator_build_info{", StringComparison.Ordinal))
                request += System.Text.Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer));
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
            client.Client.LingerState = new LingerOption(!answer.EndsWith('\n'), 0);
        }
    }

    [Fact]
    public void Errors_for_ever_end_within_the_timeout()
    {
        using var gateway = new RecordingGateway(Answer(503, "down for maintenance"));
        _backup.Set("pushgateway", "timeout", "2s").Set("pushgateway", "retries", "100");
        var result = Run(gateway.Url);
        Assert.Equal(1, result.ExitCode);
        var gaveUp = Regex.Match(result.Error, @"the gateway answered 503 Service Unavailable: down for maintenance; gave up after ([\d.]+) s\n");
        Assert.InRange(Seconds(gaveUp), 0.2, 2);
        Assert.InRange(gateway.Received.Count, 2, 20);
        // The time of the push is a part of the run's.
        Assert.True(Seconds(Regex.Match(result.Error, @"backup OK in ([\d.]+) s")) >= Seconds(gaveUp), result.ToString());
    }

    private static double Seconds(Match match) => double.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void An_endless_answer_takes_no_endless_time_or_memory()
    {
        using var gateway = new RecordingGateway(response =>
        {
            response.StatusCode = 400;
            response.SendChunked = true;
            try
            {
                for (var i = 0; i < 10_000; i++)
                    response.OutputStream.Write(new byte[10_000]);
            }
            catch (Exception exception) when (exception is System.Net.HttpListenerException or IOException)
            {
                // Nobody reads all of it.
            }
            response.Abort();
        });
        var result = Run(gateway.Url);
        Assert.Equal(1, result.ExitCode);
        Assert.True(result.Error.Length < 5000, $"{result.Error.Length} characters shown");
    }

    [Fact]
    public void Odd_labels_reach_the_group_that_is_meant()
    {
        using var gateway = new PushgatewayServer();
        _backup.Set("pushgateway", "job", "a/b").Set("labels", "dots", "..").Set("labels", "site", "Wien \"1\" +%2F");
        Assert.Equal(0, Run(gateway.Url).ExitCode);
        Assert.Contains(
            "assimilator_return_code{backup=\"test\",dots=\"..\",instance=\"h\",job=\"a/b\",site=\"Wien \\\"1\\\" +%2F\"} 0\n",
            gateway.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Basic_authentication_from_a_file()
    {
        using var gateway = new RecordingGateway();
        _backup.Set("pushgateway", "username", "üser").Set("pushgateway", "password_file", _backup.Directory.Write("push", "pass:wörd\n"));
        Assert.Equal(0, Run(gateway.Url).ExitCode);
        Assert.Equal("Basic w7xzZXI6cGFzczp3w7ZyZA==", gateway.Received[0].Authorization);
    }

    [Fact]
    public void User_info_in_the_url_is_basic_authentication_and_never_shown()
    {
        using var gateway = new RecordingGateway(Answer(401));
        var result = Run(gateway.Url.Replace("://", "://user:s%20cret@", StringComparison.Ordinal));
        Assert.Equal("Basic dXNlcjpzIGNyZXQ=", gateway.Received[0].Authorization);
        Assert.DoesNotContain("cret", result.Everything, StringComparison.Ordinal);
        Assert.Contains("hint: check username and password_file, or bearer_token_file\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bearer_token_from_a_file()
    {
        using var gateway = new RecordingGateway();
        _backup.Set("pushgateway", "bearer_token_file", _backup.Directory.Write("token", "abc.def\n"));
        Assert.Equal(0, Run(gateway.Url).ExitCode);
        Assert.Equal("Bearer abc.def", gateway.Received[0].Authorization);
    }

    [Fact]
    public void A_path_in_front_of_the_gateway_is_kept()
    {
        using var gateway = new RecordingGateway();
        Assert.Equal(0, Run($"{gateway.Url}/push/gateway/").ExitCode);
        Assert.Equal("/push/gateway/metrics/job/assimilator/instance/h/backup/test", gateway.Received[0].RawUrl);
    }

    [Fact]
    public void Without_a_gateway_nothing_is_pushed_and_that_is_no_problem()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    private ProgramResult Run(string url) => _backup.Set("pushgateway", "url", url).Set("backup", "instance", "h").Run();
}
