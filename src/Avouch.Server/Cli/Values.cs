using System.CommandLine;
using System.Globalization;

namespace Avouch.Server.Cli;

/// <summary>Options and arguments whose values we read ourselves, so that a wrong one is answered with a sentence.</summary>
internal static class Values
{
    public static Option<int> Number(string name, string description, string helpName, int fallback, int min, int max) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
            result.AddError($"{name} takes a whole number from {min} to {max}, and not \"{result.Tokens[0].Value}\".");
            return fallback;
        },
    };

    /// <summary>An id that may be left out.</summary>
    public static Argument<Guid?> IdOrNothing(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result =>
        {
            if (result.Tokens.Count == 0) return null;
            if (Guid.TryParse(result.Tokens[0].Value, out var id)) return id;
            result.AddError($"\"{result.Tokens[0].Value}\" is no id. An id looks like 01a2b3c4-0000-7000-8000-000000000000.");
            return null;
        },
    };
}
