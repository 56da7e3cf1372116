package org.capitania.embedded.smtp;

import java.io.IOException;
import java.io.InputStream;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;

/** One SMTP transaction: whoever it is from and to, its data become a file. */
final class SinkHandler implements MessageHandler {
    private final SentMail sent;

    SinkHandler(SentMail sent) {
        this.sent = sent;
    }

    @Override
    public void from(String from) {
        // Every sender is welcome; the message's own header says who it is.
    }

    @Override
    public void recipient(String recipient) {
        // Every recipient is accepted: nothing is delivered to them.
    }

    @Override
    public String data(InputStream data) throws RejectException {
        try {
            return "kept as " + sent.keep(data);
        } catch (SentMail.TooLarge e) {
            throw new RejectException(552, "5.3.4 " + e.getMessage());
        } catch (IOException e) {
            throw new RejectException(451, "4.3.0 not stored: " + e.getMessage());
        }
    }

    @Override
    public void done() {
        // Nothing is held open between messages.
    }
}
