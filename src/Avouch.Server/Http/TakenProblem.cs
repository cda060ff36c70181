using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>How it is said that somebody else has a name or an address.</summary>
internal static class TakenProblem
{
    public static Problem Of(Taken taken) => taken switch
    {
        Taken.Email => Problems.EmailTaken,
        Taken.LookAlike => Problems.UsernameLooksTaken,
        _ => Problems.UsernameTaken,
    };
}
