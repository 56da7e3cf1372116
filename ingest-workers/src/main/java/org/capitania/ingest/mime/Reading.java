package org.capitania.ingest.mime;

/** What a file turned out to be. */
public sealed interface Reading {
    /** An email. */
    record Mail(ParsedMail mail) implements Reading {}

    /**
     * Something else.
     *
     * @param found what it is, in words that complete "this is …"
     */
    record NotAnEmail(String found) implements Reading {}
}
