using System.CommandLine;
using Avouch.Server.Mail;

namespace Avouch.Server.Cli;

/// <summary><c>avouch mail template</c>: the templates that are inside of the program, to copy and to change.</summary>
internal static class MailTemplateCommand
{
    public static Command Build()
    {
        var name = new Argument<string?>("NAME") { Description = "One of the list, such as en/reset_password.html; the list itself if left out.", Arity = ArgumentArity.ZeroOrOne };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !TemplateFiles.BuiltIn.Contains(token.Value)) result.AddError($"There is no template \"{token.Value}\". This shows them all: avouch mail template");
        });
        var command = new Command("template", "Prints one of our templates of mails, or the names of all. A file of the same name in the folder AVOUCH_MAIL_TEMPLATES takes its place; another language is a folder beside en. A name in double braces, such as {{link}}, is filled in; what stands between {{#name}} and {{/name}} is left out where there is no such value.\n\nExamples:\n  avouch mail template\n  avouch mail template layout.html > templates/layout.html") { name };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(name) is { } one) output.Write(TemplateFiles.ReadBuiltIn(one));
            else foreach (var file in TemplateFiles.BuiltIn) output.WriteLine(file);
        });
        return command;
    }
}
