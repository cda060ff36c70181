using Avouch.Benchmarks;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Avouch.Benchmarks -- --filter '*' --job short
BenchmarkSwitcher.FromAssembly(typeof(Argon2Benchmark).Assembly).Run(args);
