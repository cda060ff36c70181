namespace Avouch.Server.Data;

/// <summary>Who holds a data folder: a server until it is stopped, a command until it is done.</summary>
internal enum Holder
{
    Server,
    Command,
}

/// <summary>Another process owns the data folder.</summary>
internal sealed class FolderInUseException(string folder, int? processId, Holder holder = Holder.Server) : Exception(Describe(folder, processId, holder))
{
    /// <summary>The owner, as far as it has said so.</summary>
    public int? ProcessId { get; } = processId;

    public bool IsCommand => holder == Holder.Command;

    /// <summary>Whether it is worth waiting: for the end of a command, or for a process that is just starting or ending and has not said who it is.</summary>
    public bool MayEndSoon => IsCommand || ProcessId is null;

    private static string Describe(string folder, int? processId, Holder holder)
    {
        var owner = processId is null ? "another process" : $"the process {processId}";
        return holder == Holder.Command
            ? $"The data folder \"{folder}\" is in use by {owner}, which carries out a command of avouch. Wait for its end and try again, or choose another folder with --data."
            : $"The data folder \"{folder}\" is in use by {owner}. Stop that one, or choose another folder with --data.";
    }
}
