namespace Avouch.Server.Cli.Files;

/// <summary>What the operating system says about a file, in plain sentences.</summary>
internal static class FileFaults
{
    public static FileException Reading(string path, Exception fault) => new(fault switch
    {
        FileException told => told.Message,
        FileNotFoundException => $"There is no file \"{path}\" (looked for in {Directory.GetCurrentDirectory()}). Check the name.",
        DirectoryNotFoundException => $"There is no folder for \"{path}\" (looked for in {Directory.GetCurrentDirectory()}). Check the path.",
        UnauthorizedAccessException when Directory.Exists(path) => $"\"{path}\" is a folder. Name a file in it.",
        UnauthorizedAccessException => $"The user {Environment.UserName} may not read \"{path}\". Run the command as its owner, or change its mode.",
        _ => $"\"{path}\" cannot be read: {fault.Message} Try again, or copy it to another disk.",
    }, fault);

    public static FileException Writing(string path, Exception fault) => new(fault switch
    {
        FileException told => told.Message,
        DirectoryNotFoundException => $"There is no folder for \"{path}\" (looked for in {Directory.GetCurrentDirectory()}). Make it first.",
        UnauthorizedAccessException => $"The user {Environment.UserName} may not write \"{path}\". Choose another folder, or run the command as its owner.",
        _ => $"\"{path}\" cannot be written: {fault.Message} Nothing was left under that name; make room, or choose another disk.",
    }, fault);

    public static FileException Exists(string path) => new($"\"{path}\" exists already. Choose another name, or replace it with --force.");

    public static FileException NoName() => new("The name of the file is empty. Name a file, for example avouch-monday.db.");

    public static FileException IsFolder(string path) => new($"\"{path}\" is a folder. Name a file in it.");
}
