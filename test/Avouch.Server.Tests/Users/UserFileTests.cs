using System.Text;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Users;

/// <summary>Files of users as they come: the two formats, and what is neither.</summary>
public sealed class UserFileTests
{
    [Theory]
    [InlineData("email,full_name\r\na@b.test,Anna\r\n", "2 a@b.test/Anna")]
    [InlineData("email,full_name\na@b.test,Anna", "2 a@b.test/Anna")]
    [InlineData("\uFEFFemail,full_name\na@b.test,Anna\n", "2 a@b.test/Anna")]
    [InlineData("\"email\",\"full_name\"\r\n\"a@b.test\",\"Anna\"\r\n", "2 a@b.test/Anna")]
    [InlineData(" EMAIL , Full_Name \na@b.test, Anna ", "2 a@b.test/ Anna ")]
    [InlineData("email,full_name\na@b.test,\"Berg, Anna\"\n", "2 a@b.test/Berg, Anna")]
    [InlineData("email,full_name\na@b.test,\"Anna \"\"A\"\" Berg\"\n", "2 a@b.test/Anna \"A\" Berg")]
    [InlineData("email,full_name\na@b.test,\"Anna\r\nBerg\"\nc@d.test,\n", "2 a@b.test/Anna\r\nBerg; 4 c@d.test/")]
    [InlineData("email,full_name\na@b.test,\"\"\n\n\nc@d.test,\"\"\"\"\n", "2 a@b.test/; 5 c@d.test/\"")]
    [InlineData("email,full_name\na@b.test\nc@d.test,x,y\n", "2 ! It has 1 fields, and the heading has 2.; 3 ! It has 3 fields, and the heading has 2.")]
    [InlineData("full_name,email\n", "")]
    [InlineData("email\na@b.test\n", "2 a@b.test/")]
    [InlineData("{\"email\":\"a@b.test\",\"full_name\":\"Anna\"}", "1 a@b.test/Anna")]
    [InlineData("\uFEFF\r\n{\"email\":\"a@b.test\"}\r\n\r\n  {\"email\":\"c@d.test\",\"full_name\":null}  \r\n", "2 a@b.test/; 4 c@d.test/")]
    [InlineData("{\"email\":\"a@b.test\"}\n[1]\n\"x\"\n", "1 a@b.test/; 2 ! It is not a JSON object.; 3 ! It is not a JSON object.")]
    public async Task A_file_is_read_as_it_stands(string text, string expected) => Assert.Equal(expected, await Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \r\n ", "empty")]
    [InlineData("[{\"email\":\"a@b.test\"}]", "jq -c")]
    [InlineData("email,password\na@b.test,hunter2\n", "plain text")]
    [InlineData("email,passwort\na@b.test,hunter2\n", "no column \"passwort\"")]
    [InlineData("email;full_name\na@b.test;Anna\n", "no column \"email;full_name\"")]
    [InlineData("email,EMAIL\n", "twice")]
    [InlineData("username\nanna\n", "no column \"email\"")]
    [InlineData("email\na\"b\n", "Line 2 has a quote inside")]
    [InlineData("email\n\"a\"b\n", "Line 2 has something behind")]
    [InlineData("email\nx\n\"a\n\n\n", "Line 3 has a quote that is never closed")]
    [InlineData("email\na\rb\n", "Line 2 holds a carriage return")]
    [InlineData("email\na\uFFFFb\n", "U+FFFF")]
    public async Task What_cannot_be_told_apart_ends_the_reading(string text, string reason)
    {
        var fault = await Assert.ThrowsAsync<UserFileException>(() => Read(Encoding.UTF8.GetBytes(text)));

        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("email\n"), InlineData("{\"email\":\"")]
    public async Task Bytes_that_are_no_UTF_8_end_the_reading(string start)
    {
        var latin = await Assert.ThrowsAsync<UserFileException>(() => Read([.. Encoding.UTF8.GetBytes(start), 0x4D, 0xFC, 0x6C]));

        Assert.Contains("not UTF-8", latin.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_without_an_end_ends_the_reading_of_a_CSV_and_a_line_of_JSON_is_only_refused()
    {
        var endless = await Assert.ThrowsAsync<UserFileException>(() => Read(Encoding.UTF8.GetBytes("email\n" + new string('x', 1 << 20))));
        var lines = await Read(Encoding.UTF8.GetBytes($"{{\"email\":\"{new string('x', 1 << 20)}\"}}\n{{\"email\":\"alice@example.test\"}}"));

        Assert.Contains("longer than", endless.Message, StringComparison.Ordinal);
        Assert.Equal("1 ! It is longer than 16384 letters.; 2 alice@example.test/", lines);
    }

    [Theory]
    [InlineData("""{"email":"a@example.test","username":"\ud800x"}"""), InlineData("""{"email":"a@example.test","roles":["\udc00"]}"""), InlineData("""{"\ud800":"a@example.test"}""")]
    public async Task Half_a_surrogate_pair_is_a_fault_of_its_line_alone(string line)
    {
        var lines = await Read(Encoding.UTF8.GetBytes(line + "\n{\"email\":\"alice@example.test\"}"));

        Assert.StartsWith("1 ! It", lines, StringComparison.Ordinal);
        Assert.EndsWith("; 2 alice@example.test/", lines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_are_found_whatever_the_pieces_in_which_they_come()
    {
        var text = "email,full_name\r\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => $"person{i}@example.test,\"Größe \"\"{i}\"\"\"\r\n"));

        var whole = await Read(Encoding.UTF8.GetBytes(text));

        Assert.Equal(3000, whole.Split("; ").Length);
        Assert.EndsWith("3001 person2999@example.test/Größe \"2999\"", whole, StringComparison.Ordinal);
        Assert.Equal(whole, await Read(new Dribble(Encoding.UTF8.GetBytes(text))));
    }

    private static Task<string> Read(byte[] file) => Read(new MemoryStream(file));

    private static async Task<string> Read(Stream stream)
    {
        var lines = new List<string>();
        await foreach (var line in UserFile.Read(stream, default))
            lines.Add($"{line.Number} {(line.Fault is null ? $"{line.Fields["email"]}/{line.Fields.GetValueOrDefault("full_name")}" : "! " + line.Fault)}");
        return string.Join("; ", lines);
    }

    /// <summary>Gives seven bytes at a time, as a slow pipe might.</summary>
    private sealed class Dribble(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(7, buffer.Length)], cancellationToken);
    }
}
