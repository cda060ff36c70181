namespace Avouch.Server.Data;

/// <summary>
/// The row a statement stands on. Columns are read by their place in the SELECT or RETURNING list, which stands beside the code that
/// reads it. It is valid only inside the function it is handed to, and that function runs no other statement. A null where the
/// method promises a value is an <see cref="InvalidCastException"/>: a silent zero would be a wrong generation or a wrong epoch.
/// </summary>
internal abstract class Row
{
    public abstract bool IsNull(int ordinal);
    public abstract Guid Id(int ordinal);
    public abstract long Long(int ordinal);
    public abstract bool Bool(int ordinal);
    public abstract string Text(int ordinal);
    public abstract byte[] Bytes(int ordinal);

    public int Int(int ordinal) => checked((int)Long(ordinal));
    public DateTimeOffset Time(int ordinal) => DateTimeOffset.FromUnixTimeMilliseconds(Long(ordinal));

    public Guid? IdOrNull(int ordinal) => IsNull(ordinal) ? null : Id(ordinal);
    public long? LongOrNull(int ordinal) => IsNull(ordinal) ? null : Long(ordinal);
    public string? TextOrNull(int ordinal) => IsNull(ordinal) ? null : Text(ordinal);
    public byte[]? BytesOrNull(int ordinal) => IsNull(ordinal) ? null : Bytes(ordinal);
    public DateTimeOffset? TimeOrNull(int ordinal) => IsNull(ordinal) ? null : Time(ordinal);
}
