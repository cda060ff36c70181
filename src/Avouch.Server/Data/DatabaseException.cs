namespace Avouch.Server.Data;

/// <summary>Why a statement failed, in words that both engines share.</summary>
internal enum DatabaseFault
{
    /// <summary>Anything below does not name: a fault of the SQL, or of the machine.</summary>
    Other,

    /// <summary>Another row holds this key or unique value already.</summary>
    Unique,

    /// <summary>The row that is pointed to does not exist, or is still pointed to.</summary>
    ForeignKey,

    /// <summary>A CHECK, a NOT NULL or a column type was violated.</summary>
    Constraint,

    /// <summary>Somebody else kept a lock for too long.</summary>
    Busy,

    /// <summary>The disk is full, broken or not writable, or memory ran out.</summary>
    Storage,
}

/// <summary>A statement failed. The message names tables and columns, never values.</summary>
internal class DatabaseException(string message, DatabaseFault fault, Exception? inner = null) : Exception(message, inner)
{
    public DatabaseFault Fault { get; } = fault;
}

/// <summary>
/// The transaction that carried this write was rolled back as a whole, for a reason outside of this write (see the inner exception).
/// Nothing of it was stored; it may be tried again.
/// </summary>
internal sealed class TransactionLostException(Exception? cause)
    : DatabaseException(
        "The transaction was rolled back and nothing was written: " + (cause?.Message ?? "a statement ended it."),
        (cause as DatabaseException)?.Fault ?? DatabaseFault.Other,
        cause);
