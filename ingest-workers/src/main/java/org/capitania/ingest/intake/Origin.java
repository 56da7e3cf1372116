package org.capitania.ingest.intake;

/**
 * Where a mail comes from.
 *
 * @param source who or what handed it in, for example {@code http:user:owner}, {@code inbox:a.eml}, {@code imap:INBOX}
 * @param mailbox the mailbox it was for
 */
public record Origin(String tenant, String source, String mailbox) {}
