using Avouch.Server.Places;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Places;

/// <summary>Where an address roughly is, by a file of the operator's.</summary>
public sealed class PlaceFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<int, int> Forms => new() { { 4, 24 }, { 4, 28 }, { 4, 32 }, { 6, 24 }, { 6, 28 }, { 6, 32 } };

    [Theory]
    [MemberData(nameof(Forms))]
    public void An_address_is_found_in_every_form_of_tree(int version, int recordSize)
    {
        using var places = Open(Example(version, recordSize).ToBytes());

        Assert.Equal("Berlin, Germany", places.Find("192.0.2.1", "en"));
        Assert.Equal("Berlin, Germany", places.Find("192.0.2.127", "en"));
        Assert.Equal("Paris, France", places.Find("192.0.2.128", "en"));
        Assert.Equal("Japan", places.Find("203.0.113.77", "en"));
        Assert.Null(places.Find("198.51.100.1", "en"));
        Assert.Null(places.Find("127.0.0.1", "en"));
        Assert.Equal("Berlin, Germany", places.Find("::ffff:192.0.2.1", "en"));
        Assert.Equal(version == 6 ? "Vienna, Austria" : null, places.Find("2001:db8::1", "en"));
        Assert.Null(places.Find("2001:db9::1", "en"));
    }

    [Theory]
    [InlineData("de", "Wien, Austria")]
    [InlineData("en", "Vienna, Austria")]
    [InlineData("fr", "Vienna, Austria")]
    public void Names_are_in_the_readers_language_where_the_file_has_them(string language, string name)
    {
        using var places = Open(Example(6, 28).ToBytes());

        Assert.Equal(name, places.Find("2001:db8::1", language));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(3_000, false)]
    [InlineData(600_000, false)]
    [InlineData(3_000, true)]
    public void Pointers_of_every_length_lead_to_the_same_text(int distance, bool isLong)
    {
        var writer = new PlaceWriter(4, 32) { HasLongPointers = isLong }.Pad(distance).Add("192.0.2.0/25", "Berlin", "Germany").Add("192.0.2.128/25", "Berlin", "Germany");
        using var places = Open(writer.ToBytes());

        Assert.Equal("Berlin, Germany", places.Find("192.0.2.200", "en"));
    }

    [Fact]
    public void Texts_of_every_length_are_read_or_left_out()
    {
        foreach (var length in (int[])[1, 28, 29, 30, 255, 256, 257, 284, 285, 70_000])
        {
            using var places = Open(new PlaceWriter(4, 24).Add("192.0.2.0/24", new string('x', length), "Germany").ToBytes());
            Assert.Equal(length <= 256 ? new string('x', length) + ", Germany" : "Germany", places.Find("192.0.2.1", "en"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an address")]
    [InlineData("192.0.2.1:80")]
    [InlineData(null)]
    public void What_is_no_address_is_nowhere(string? address)
    {
        using var places = Open(Example(6, 24).ToBytes());

        Assert.Null(places.Find(address, "en"));
    }

    [Fact]
    public void Without_a_file_nobody_is_anywhere()
    {
        using var places = new PlaceNames(new PlaceSettings(File: null));

        Assert.False(places.IsKnown);
        Assert.Null(places.Find("192.0.2.1", "en"));
    }

    [Fact]
    public void A_value_that_points_in_a_circle_or_nests_without_end_is_no_value()
    {
        var circle = new PlaceWriter(4, 24).Add("192.0.2.0/24", "Berlin", "Germany").ToBytes();
        var gap = circle.AsSpan().IndexOf("location"u8);   // the map before it becomes a pointer to itself
        circle[gap - 2] = 0x20;
        circle[gap - 1] = 0;
        using var places = Open(circle);

        Assert.Null(places.Find("192.0.2.1", "en"));
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_used_gives_nothing()
    {
        var path = Path.Combine(folder, "places.mmdb");
        using var places = Open(Example(6, 28).ToBytes());
        Assert.NotNull(places.Find("192.0.2.1", "en"));

        File.WriteAllBytes(path, [1, 2, 3]);

        Assert.Null(places.Find("192.0.2.1", "en"));
    }

    [Fact]
    public void Whatever_is_broken_in_a_file_nothing_is_thrown_and_nothing_takes_long()
    {
        var seed = Seed.Next();
        var random = new Random(seed);
        var sound = Example(6, 28).ToBytes();
        for (var round = 0; round < 3_000; round++)
        {
            var broken = sound[..(random.Next(8) == 0 ? random.Next(sound.Length) : sound.Length)];
            if (broken.Length > 0)
                for (var change = random.Next(1, 12); change > 0; change--) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            var path = Path.Combine(folder, "broken.mmdb");
            File.WriteAllBytes(path, broken);
            try
            {
                var (file, fault) = PlaceFile.Open(path);
                Assert.True(file is null != fault is null);
                file?.Dispose();
                using var places = new PlaceNames(new PlaceSettings(path));
                foreach (var address in (string[])["192.0.2.1", "192.0.2.200", "203.0.113.1", "2001:db8::1", "::", "255.255.255.255"])
                    if (places.Find(address, "de") is { } name) Assert.DoesNotContain(name, char.IsControl);
            }
            catch (Exception error)
            {
                Assert.Fail($"{Seed.Explain(seed)}\nround {round}: {error}");
            }
        }
    }

    [Fact]
    public void A_file_that_cannot_be_used_refuses_the_start_with_key_value_reason_and_remedy()
    {
        var sound = Example(6, 28);
        MustRefuse(null, "cannot be read");
        MustRefuse([], "is no file in the MaxMind DB format");
        MustRefuse("hello"u8.ToArray(), "is no file in the MaxMind DB format");
        MustRefuse(sound.ToBytes()[..^200], "is no file in the MaxMind DB format");
        MustRefuse(sound.ToBytes(major: 3), "of another version");
        MustRefuse(sound.ToBytes(sayRecordSize: 20), "describes itself");
        MustRefuse(sound.ToBytes(sayNodes: 0), "describes itself");
        MustRefuse(sound.ToBytes(sayNodes: 1_000_000), "cut short");

        var path = sound.Save(Path.Combine(folder, "sound.mmdb"));
        Assert.Empty(AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string> { ["AVOUCH_PLACES_FILE"] = path })).Faults);
    }

    private void MustRefuse(byte[]? content, string reason)
    {
        var path = Path.Combine(folder, "refused.mmdb");
        File.Delete(path);
        if (content is not null) File.WriteAllBytes(path, content);
        var fault = Assert.Single(AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string> { ["AVOUCH_PLACES_FILE"] = path })).Faults);
        Assert.Equal(("AVOUCH_PLACES_FILE", path), (fault.Name, fault.Value));
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Remedy);
    }

    private static PlaceWriter Example(int version, int recordSize)
    {
        var writer = new PlaceWriter(version, recordSize).Add("192.0.2.0/25", "Berlin", "Germany").Add("192.0.2.128/25", "Paris", "France").Add("203.0.113.0/24", null, "Japan");
        return version == 6 ? writer.Add("2001:db8::/32", "Vienna", "Austria", "Wien") : writer;
    }

    private PlaceNames Open(byte[] content)
    {
        var path = Path.Combine(folder, "places.mmdb");
        File.WriteAllBytes(path, content);
        return new PlaceNames(new PlaceSettings(path));
    }
}
