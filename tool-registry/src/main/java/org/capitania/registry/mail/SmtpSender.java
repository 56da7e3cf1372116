package org.capitania.registry.mail;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import org.capitania.contract.Json;
import org.capitania.registry.handler.Delivery;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/** Hands one letter to the mail server. Whatever goes wrong, it says whether the letter surely stayed here. */
@ApplicationScoped
class SmtpSender {
    private static final int TRY_LATER = 400;
    private static final int NEVER = 500;

    private final MailConfig config;
    private final Clock clock;

    SmtpSender(MailConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    Delivery send(Letter letter) {
        Session session = Session.getInstance(properties());
        MimeMessage message;
        try {
            message = compose(session, letter);
        } catch (MessagingException | UnsupportedEncodingException e) {
            return new Delivery.NotSent("the message cannot be written: " + e.getMessage(), false);
        }
        try (Transport transport = session.getTransport()) {
            MailConfig.Smtp smtp = config.smtp();
            try {
                transport.connect(
                        smtp.host(),
                        smtp.port(),
                        smtp.username().orElse(null),
                        smtp.password().orElse(null));
            } catch (jakarta.mail.AuthenticationFailedException e) {
                return new Delivery.NotSent("the mail server refused our sign-in: " + e.getMessage(), false);
            } catch (MessagingException e) {
                return new Delivery.NotSent("the mail server does not answer: " + e.getMessage(), true);
            }
            return hand(transport, message);
        } catch (MessagingException e) {
            // Only closing the connection can fail here, after the answer is known; hand() has returned then.
            Log.debugf("the mail server went away after the message message_id=%s", letter.messageId());
            return new Delivery.InDoubt("the connection broke: " + e.getMessage());
        }
    }

    private Delivery hand(Transport transport, MimeMessage message) throws MessagingException {
        try {
            transport.sendMessage(message, message.getAllRecipients());
            return new Delivery.Sent(Json.MAPPER
                    .createObjectNode()
                    .put("at", clock.instant().toString())
                    .put(
                            "answer",
                            transport instanceof org.eclipse.angus.mail.smtp.SMTPTransport smtp
                                    ? smtp.getLastServerResponse().strip()
                                    : ""));
        } catch (MessagingException e) {
            int code = code(e);
            if (code >= NEVER) {
                return new Delivery.NotSent("the mail server refused it: " + said(e), false);
            }
            if (code >= TRY_LATER) {
                return new Delivery.NotSent("the mail server cannot take it now: " + said(e), true);
            }
            return new Delivery.InDoubt("the connection broke while it was handed over: " + e.getMessage());
        }
    }

    /** The server's answer, if it gave one: an answer of 400 and above means that it has not taken the message. */
    private static int code(MessagingException e) {
        for (Exception at = e; at instanceof MessagingException failure; at = failure.getNextException()) {
            int code = switch (at) {
                case SMTPAddressFailedException address -> address.getReturnCode();
                case SMTPSenderFailedException sender -> sender.getReturnCode();
                case SMTPSendFailedException sending -> sending.getReturnCode();
                default -> -1;
            };
            if (code >= TRY_LATER) {
                return code;
            }
        }
        return -1;
    }

    private static String said(MessagingException e) {
        String text = e.getMessage();
        Exception next = e.getNextException();
        return (text == null ? e.toString() : text.strip())
                + (next == null || next.getMessage() == null
                        ? ""
                        : " " + next.getMessage().strip());
    }

    private MimeMessage compose(Session session, Letter letter)
            throws MessagingException, UnsupportedEncodingException {
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() {
                // The id was given before INTENT; a new one would make the mail unrecognisable after a crash.
            }
        };
        message.setFrom(new InternetAddress(ascii(letter.from()), letter.fromName(), "UTF-8"));
        message.setRecipients(Message.RecipientType.TO, addresses(letter.to()));
        message.setRecipients(Message.RecipientType.CC, addresses(letter.cc()));
        message.setSubject(letter.subject(), "UTF-8");
        message.setText(letter.bodyText().replace("\r\n", "\n").replace("\n", "\r\n"), "UTF-8", "plain");
        message.setSentDate(Date.from(clock.instant()));
        if (letter.inReplyTo() != null) {
            message.setHeader("In-Reply-To", letter.inReplyTo());
        }
        if (!letter.references().isEmpty()) {
            message.setHeader("References", String.join("\r\n ", letter.references()));
        }
        message.setHeader("Auto-Submitted", "no");
        message.saveChanges();
        message.setHeader("Message-ID", letter.messageId());
        return message;
    }

    private static InternetAddress[] addresses(List<String> texts) throws MessagingException {
        InternetAddress[] addresses = new InternetAddress[texts.size()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = new InternetAddress(ascii(texts.get(i)), true);
        }
        return addresses;
    }

    /** A domain in other letters travels in its ASCII form, which every server takes. */
    private static String ascii(String address) {
        int at = address.lastIndexOf('@');
        return address.substring(0, at + 1)
                + java.net.IDN.toASCII(address.substring(at + 1), java.net.IDN.ALLOW_UNASSIGNED);
    }

    private Properties properties() {
        MailConfig.Smtp smtp = config.smtp();
        String millis = Long.toString(smtp.timeout().toMillis());
        Properties p = new Properties();
        p.setProperty("mail.transport.protocol", smtp.tls() ? "smtps" : "smtp");
        for (String protocol : List.of("smtp", "smtps")) {
            String prefix = "mail." + protocol + ".";
            p.setProperty(prefix + "auth", Boolean.toString(smtp.username().isPresent()));
            p.setProperty(prefix + "connectiontimeout", millis);
            p.setProperty(prefix + "timeout", millis);
            p.setProperty(prefix + "writetimeout", millis);
            p.setProperty(prefix + "localhost", domain(config.from()));
            p.setProperty(prefix + "ssl.checkserveridentity", "true");
            p.setProperty(prefix + "starttls.enable", Boolean.toString(smtp.starttls()));
            p.setProperty(prefix + "starttls.required", Boolean.toString(smtp.starttls()));
            // All recipients or none: a mail that reached half of them could not be told from one that reached all.
            p.setProperty(prefix + "sendpartial", "false");
            p.setProperty(prefix + "reportsuccess", "false");
            p.setProperty(prefix + "quitwait", "false");
        }
        return p;
    }

    private static String domain(String address) {
        return Address.key(address).substring(Address.key(address).lastIndexOf('@') + 1);
    }
}
