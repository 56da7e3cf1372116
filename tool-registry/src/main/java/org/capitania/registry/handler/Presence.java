package org.capitania.registry.handler;

/** What a look for an earlier act found. */
public enum Presence {
    /** It happened. */
    FOUND,
    /** It surely did not happen. */
    ABSENT,
    /** It need not be known: done again it is done once. */
    REPEATABLE,
    /** Too early to tell; look again. */
    TOO_EARLY,
    /** Nobody can tell. */
    UNKNOWABLE
}
