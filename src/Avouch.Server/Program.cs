return await Avouch.Server.Cli.CommandLine.Run(args);
