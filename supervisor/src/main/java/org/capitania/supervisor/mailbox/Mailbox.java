package org.capitania.supervisor.mailbox;

import jakarta.inject.Singleton;

/** The three things one does with a mailbox. */
@Singleton
record Mailbox(AskPeer ask, SendNote send, ReplyToAsk reply) {}
