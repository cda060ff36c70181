namespace Avouch.Server.Mail;

/// <summary>A mail with its words, ready to be carried. The same letter gives the same mail each time, so that a copy can be told from a second one.</summary>
/// <param name="Id">That of its row in the outbox.</param>
/// <param name="Date">When its cause was.</param>
internal sealed record OutgoingMail(Guid Id, DateTimeOffset Date, string Template, string Language, EnvelopeAddress To, string Subject, string Text, string Html);
