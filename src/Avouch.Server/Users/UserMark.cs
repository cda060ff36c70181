using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Avouch.Server.Data;
using Avouch.Server.Keys;

namespace Avouch.Server.Users;

/// <summary>
/// A place in an order of users: behind this row. Outside it is a text that nobody can read or make, since what it is compared by may be
/// somebody's e-mail address, and it stands in URLs.
/// </summary>
internal sealed record UserMark(string Order, string Key, Guid Id)
{
    private const string Purpose = "cursor/users";
    private const int MaxLength = 2048;

    public static UserMark Read(Row row, UserOrder order, int column) =>
        new(order.Name, order.IsText ? row.Text(column + 1) : row.Long(column + 1).ToString(CultureInfo.InvariantCulture), row.Id(column));

    public SqlValue ToValue(UserOrder order) => order.IsText ? Key : long.Parse(Key, CultureInfo.InvariantCulture);

    public string Seal(MasterKeys keys) => Base64Url.EncodeToString(keys.Current.Seal(Encoding.UTF8.GetBytes($"{Order}\n{Id:N}\n{Key}"), Purpose));

    /// <summary>Nothing where it was not made here.</summary>
    public static UserMark? Open(string text, MasterKeys keys)
    {
        if (text.Length > MaxLength || !Base64Url.IsValid(text)) return null;
        if (!keys.TryOpen(Base64Url.DecodeFromChars(text), Purpose, out var bytes)) return null;
        return Encoding.UTF8.GetString(bytes).Split('\n', 3) is [var order, var id, var key] ? new UserMark(order, key, Guid.ParseExact(id, "N")) : null;
    }
}
