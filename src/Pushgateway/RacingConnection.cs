using System.Net;
using System.Net.Sockets;

namespace Assimilator.Pushgateway;

/// <summary>Connects to a name by the first of its addresses that answers, as RFC 8305 has it: a dead one costs a
/// quarter of a second, and a name server that says nothing about IPv6 costs nothing.</summary>
internal static class RacingConnection
{
    /// <summary>How long the answer about IPv6 may come after the other one.</summary>
    private static readonly TimeSpan ResolutionDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>From one attempt to the next.</summary>
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <exception cref="SocketException">The name has no address that can be reached.</exception>
    public static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host.Trim('[', ']'), context.DnsEndPoint.Port);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var attempts = new List<Task<Socket>>();
        try
        {
            return new NetworkStream(await RaceAsync(host, port, attempts, stop.Token).ConfigureAwait(false),
                ownsSocket: true);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // With the token of the caller, who then knows that the time was up.
            throw new OperationCanceledException(cancellation);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var late in attempts)
                _ = late.ContinueWith(
                    static attempt => attempt.Result.Dispose(), CancellationToken.None,
                    TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }
    }

    /// <param name="attempts">Those that are still going on, when it returns or throws.</param>
    private static async Task<Socket> RaceAsync(
        string host, int port, List<Task<Socket>> attempts, CancellationToken stop)
    {
        var addresses = new List<IPAddress>();
        var lookups = new List<Task<IPAddress[]>>();
        if (IPAddress.TryParse(host, out var literal))
        {
            addresses.Add(literal);
        }
        else
        {
            lookups.Add(Dns.GetHostAddressesAsync(host, AddressFamily.InterNetworkV6, stop));
            lookups.Add(Dns.GetHostAddressesAsync(host, AddressFamily.InterNetwork, stop));
            await Task.WhenAny(lookups).ConfigureAwait(false);
            await Task.WhenAny(lookups[0], Task.Delay(ResolutionDelay, stop)).ConfigureAwait(false);
        }
        Exception? unresolved = null, unreachable = null;
        var pause = Task.CompletedTask;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            foreach (var answered in lookups.Where(lookup => lookup.IsCompleted).ToList())
            {
                lookups.Remove(answered);
                unresolved ??= answered.Exception?.InnerException;
                if (answered.IsCompletedSuccessfully)
                    addresses = [.. Alternate(addresses, answered.Result)];
            }
            if (addresses.Count > 0 && pause.IsCompleted)
            {
                attempts.Add(ConnectAsync(addresses[0], port, stop));
                addresses.RemoveAt(0);
                pause = Task.Delay(AttemptDelay, stop);
            }
            if (attempts.Find(attempt => attempt.IsCompletedSuccessfully) is { } winner)
            {
                attempts.Remove(winner);
                return winner.Result;
            }
            if (attempts.Find(attempt => attempt.IsFaulted) is { } loser)
            {
                attempts.Remove(loser);
                unreachable ??= loser.Exception!.InnerException;
                pause = Task.CompletedTask;
            }
            else if (attempts.Count + addresses.Count + lookups.Count == 0)
            {
                throw unreachable ?? unresolved ?? new SocketException((int)SocketError.HostNotFound);
            }
            else if (addresses.Count == 0 || !pause.IsCompleted)
            {
                IEnumerable<Task> events = [.. lookups, .. attempts];
                await Task.WhenAny(addresses.Count > 0 ? events.Append(pause) : events).ConfigureAwait(false);
            }
        }
    }

    private static async Task<Socket> ConnectAsync(IPAddress address, int port, CancellationToken stop)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, stop).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One of each in turn.</summary>
    private static IEnumerable<IPAddress> Alternate(List<IPAddress> one, IPAddress[] other)
    {
        for (var i = 0; i < Math.Max(one.Count, other.Length); i++)
        {
            if (i < one.Count)
                yield return one[i];
            if (i < other.Length)
                yield return other[i];
        }
    }
}
