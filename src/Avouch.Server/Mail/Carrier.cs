namespace Avouch.Server.Mail;

/// <summary>How a try to send a mail ended.</summary>
internal enum Verdict
{
    /// <summary>A server has taken it over.</summary>
    Accepted,

    /// <summary>There is no server: it became a file on this machine, and nobody has it.</summary>
    Written,

    /// <summary>Not now: nobody answered, or the answer does not speak about this very mail.</summary>
    Postponed,

    /// <summary>Never: a server refused this mail or its address for good.</summary>
    Refused,
}

/// <param name="Words">What was said, in one line; neither the address nor a link stands in it.</param>
internal sealed record Outcome(Verdict Verdict, string Words);

/// <summary>Who carries mail out of the house: one of the four edges where there is an interface.</summary>
internal interface ICarrier
{
    /// <summary>Where it carries them, for people.</summary>
    string Destination { get; }

    /// <exception cref="OperationCanceledException">Told to stop; the mail was not handed over, or nobody knows whether it was.</exception>
    Task<Outcome> Carry(OutgoingMail mail, CancellationToken stop);
}
