namespace Avouch.Server.Users;

/// <summary>An order of the list of users. Each has an index of its own; what is missing counts as the smallest, and the id breaks ties.</summary>
/// <param name="Key">What is compared, in the words of that index.</param>
/// <param name="IsText">Whether the key is a text; otherwise it is a time.</param>
internal sealed record UserOrder(string Name, string Key, bool IsText, bool IsDescending)
{
    public static readonly UserOrder ByCreation = new("created_at", "created_at", IsText: false, IsDescending: false);

    public static readonly UserOrder ByUsername = new("username", "COALESCE(username_key, '')", IsText: true, IsDescending: false);

    private static readonly UserOrder[] Ascending =
    [
        ByCreation, ByUsername,
        new("email", "email_key", IsText: true, IsDescending: false),
        new("last_login_at", "COALESCE(last_login_at, 0)", IsText: false, IsDescending: false),
    ];

    public static readonly IReadOnlyList<UserOrder> All = [.. Ascending, .. Ascending.Select(order => order with { Name = "-" + order.Name, IsDescending = true })];

    /// <summary>The same the other way round: its index is walked backwards.</summary>
    public UserOrder Opposite => this with { Name = IsDescending ? Name[1..] : "-" + Name, IsDescending = !IsDescending };

    public static UserOrder? Find(string name) => All.FirstOrDefault(order => order.Name == name);
}
