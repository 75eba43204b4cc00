using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Assimilator.Tests.Support;

internal sealed record ReceivedPush(string Method, string RawUrl, string? ContentType, string? Authorization, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A stand-in for the gateway that notes what it gets and answers what the test wants, one answer a request, the
/// last one for ever.</summary>
internal sealed class RecordingGateway : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<ReceivedPush> _received = new();
    private readonly Queue<Action<HttpListenerResponse>> _answers;

    public RecordingGateway(params Action<HttpListenerResponse>[] answers)
    {
        _answers = new(answers.Length == 0 ? [Answer(200)] : answers);
        Url = $"http://127.0.0.1:{Server.FreePort()}";
        _listener.Prefixes.Add($"{Url}/");
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Url { get; }

    public IReadOnlyList<ReceivedPush> Received => [.. _received];

    public static Action<HttpListenerResponse> Answer(int status, string body = "", params (string Name, string Value)[] headers) =>
        response =>
        {
            response.StatusCode = status;
            foreach (var (name, value) in headers)
                response.Headers[name] = value;
            response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
        };

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var request = context.Request;
                _received.Enqueue(new ReceivedPush(
                    request.HttpMethod, request.RawUrl!, request.ContentType, request.Headers["Authorization"], body.ToArray()));
                (_answers.Count > 1 ? _answers.Dequeue() : _answers.Peek())(context.Response);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
