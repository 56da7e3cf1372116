package org.capitania.supervisor.mailbox;

import jakarta.inject.Singleton;

/** What one does with a mailbox. */
@Singleton
record Mailbox(AskPeer ask, SendNote send, Broadcast broadcast, ReplyToAsk reply) {}
