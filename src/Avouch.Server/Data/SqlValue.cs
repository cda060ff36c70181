namespace Avouch.Server.Data;

/// <summary>What a value is to the database; the engine chooses the column type that goes with it.</summary>
internal enum SqlType : byte { Long, Bool, Id, Text, Bytes }

/// <summary>
/// One value bound to a parameter, without boxing. A null keeps its type, because PostgreSQL must know the type of a parameter
/// even when it holds nothing. A time is unix milliseconds in both engines, so it is a <see cref="SqlType.Long"/> here.
/// </summary>
internal readonly struct SqlValue
{
    private readonly object? reference;
    private readonly Guid id;
    private readonly long number;

    private SqlValue(SqlType type, bool isNull, long number = 0, Guid id = default, object? reference = null)
    {
        Type = type;
        IsNull = isNull;
        this.number = number;
        this.id = id;
        this.reference = reference;
    }

    public SqlType Type { get; }
    public bool IsNull { get; }

    public long Long => number;
    public bool Bool => number != 0;
    public Guid Id => id;
    public string Text => (string)reference!;
    public byte[] Bytes => (byte[])reference!;

    public static implicit operator SqlValue(long value) => new(SqlType.Long, false, value);
    public static implicit operator SqlValue(int value) => new(SqlType.Long, false, value);
    public static implicit operator SqlValue(bool value) => new(SqlType.Bool, false, value ? 1 : 0);
    public static implicit operator SqlValue(Guid value) => new(SqlType.Id, false, id: value);
    public static implicit operator SqlValue(DateTimeOffset value) => new(SqlType.Long, false, value.ToUnixTimeMilliseconds());
    public static implicit operator SqlValue(string? value) => new(SqlType.Text, value is null, reference: value);
    public static implicit operator SqlValue(byte[]? value) => new(SqlType.Bytes, value is null, reference: value);

    public static implicit operator SqlValue(long? value) => value is { } some ? some : Null(SqlType.Long);
    public static implicit operator SqlValue(Guid? value) => value is { } some ? some : Null(SqlType.Id);
    public static implicit operator SqlValue(DateTimeOffset? value) => value is { } some ? some : Null(SqlType.Long);

    private static SqlValue Null(SqlType type) => new(type, true);
}
