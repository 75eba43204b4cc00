using System.Runtime.InteropServices;
using System.Text;
using Assimilator.Posix;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Processes;

/// <summary>Starts one executable by <c>posix_spawn</c>.</summary>
internal static unsafe class Spawn
{
    /// <summary>Starts the child in a session of its own: it has no terminal that it could ask or that could stop it,
    /// and one <c>kill</c> reaches its whole process group. Its signals are as after a login.</summary>
    /// <returns>The process id, or 0 and the error number.</returns>
    public static (int ProcessId, int ErrorNumber) Start(ChildCommand command, SafeFileHandle stdout,
        SafeFileHandle stderr)
    {
        // A pipe without a writer instead of /dev/null: an empty root has no /dev.
        var (emptyInput, writer) = LibC.CreatePipe();
        writer.Dispose();
        using (emptyInput)
        using (var secret = command.Secret is { } text ? PipeWith(text) : null)
        {
            var actions = stackalloc byte[LibC.SizeOfSpawnFileActions];
            var attributes = stackalloc byte[LibC.SizeOfSpawnAttributes];
            _ = LibC.FileActionsInit(actions);
            _ = LibC.SpawnAttributesInit(attributes);
            var arguments = new NativeStrings(command.Arguments.Prepend(command.Executable));
            var environment = new NativeStrings(command.Environment.Select(variable =>
                $"{variable.Key}={variable.Value}"));
            try
            {
                ConnectStandardStreams(actions, command.Input ?? emptyInput, stdout, stderr);
                if (secret is not null)
                    _ = LibC.FileActionsAddDuplicate(actions, (int)secret.DangerousGetHandle(),
                        ChildCommand.SecretDescriptor);
                // What our own parent left open is not for our children.
                _ = LibC.FileActionsAddCloseFrom(actions, ChildCommand.SecretDescriptor + (secret is null ? 0 : 1));
                SetSessionAndSignals(attributes);
                int processId;
                var error = LibC.PosixSpawn(
                    &processId, command.Executable, actions, attributes, arguments.Pointers, environment.Pointers);
                return error == 0 ? (processId, 0) : (0, error);
            }
            finally
            {
                arguments.Free();
                environment.Free();
                _ = LibC.SpawnAttributesDestroy(attributes);
                _ = LibC.FileActionsDestroy(actions);
            }
        }
    }

    /// <summary>Becomes the command, which keeps this process's terminal, signals and working directory.</summary>
    /// <returns>The error number; without an error, nothing returns.</returns>
    public static int Replace(ChildCommand command)
    {
        if (command.Secret is { } text)
        {
            // Both ends of the pipe are above it: 0 to 2 are taken, and the first file to be opened was another one.
            _ = LibC.Duplicate(PipeWith(text), ChildCommand.SecretDescriptor);
        }
        LibC.RestoreSignals();
        _ = LibC.Execute(command.Executable, new NativeStrings(command.Arguments.Prepend(command.Executable)).Pointers,
            new NativeStrings(command.Environment.Select(variable => $"{variable.Key}={variable.Value}")).Pointers);
        return Marshal.GetLastPInvokeError();
    }

    /// <summary>A pipe that holds this text, and then its end. Even the smallest pipe takes 4096 bytes without a
    /// reader.</summary>
    private static SafeFileHandle PipeWith(string text)
    {
        var (reader, writer) = LibC.CreatePipe();
        using (writer)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            fixed (byte* start = bytes)
                _ = LibC.Write(writer, start, (nuint)bytes.Length);
        }
        return reader;
    }

    private static void ConnectStandardStreams(
        byte* actions, SafeFileHandle stdin, SafeFileHandle stdout, SafeFileHandle stderr)
    {
        _ = LibC.FileActionsAddDuplicate(actions, (int)stdin.DangerousGetHandle(), 0);
        _ = LibC.FileActionsAddDuplicate(actions, (int)stdout.DangerousGetHandle(), 1);
        _ = LibC.FileActionsAddDuplicate(actions, (int)stderr.DangerousGetHandle(), 2);
    }

    private static void SetSessionAndSignals(byte* attributes)
    {
        var none = stackalloc byte[LibC.SizeOfSignalSet];
        var defaults = stackalloc byte[LibC.SizeOfSignalSet];
        _ = LibC.SignalSetClear(none);
        _ = LibC.SignalSetClear(defaults);
        // What is ignored stays so in a child. The runtime ignores SIGPIPE: `yes | head` in a script would never end.
        // Our parent may ignore the others, and a child whose time is up is told by one of them.
        for (var signal = 1; signal <= LibC.LastNamedSignal; signal++)
        {
            if (signal is not (LibC.SigKill or LibC.SigStop))
                _ = LibC.SignalSetAdd(defaults, signal);
        }
        _ = LibC.SpawnAttributesSetSignalMask(attributes, none);
        _ = LibC.SpawnAttributesSetSignalDefaults(attributes, defaults);
        _ = LibC.SpawnAttributesSetFlags(
            attributes, LibC.SpawnSetSession | LibC.SpawnSetSignalMask | LibC.SpawnSetSignalDefaults);
    }

    /// <summary>A null-terminated array of C strings.</summary>
    private readonly struct NativeStrings
    {
        private readonly int _count;

        public NativeStrings(IEnumerable<string> texts)
        {
            var list = texts.ToList();
            _count = list.Count;
            Pointers = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
            for (var i = 0; i < _count; i++)
            {
                var size = Encoding.UTF8.GetByteCount(list[i]);
                Pointers[i] = (byte*)NativeMemory.AllocZeroed((nuint)size + 1);
                Encoding.UTF8.GetBytes(list[i], new Span<byte>(Pointers[i], size));
            }
        }

        public byte** Pointers { get; }

        public void Free()
        {
            for (var i = 0; i < _count; i++)
                NativeMemory.Free(Pointers[i]);
            NativeMemory.Free(Pointers);
        }
    }
}
