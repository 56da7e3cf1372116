package org.capitania.ingest.classification;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.capitania.contract.event.EmailReceived.Classification;
import org.capitania.ingest.mime.ParsedMail;

/** Decides by the headers alone; where they are in doubt, the mail is not answered, for two programs that answer each other never stop. */
public final class Classifier {
    private static final Set<String> DAEMONS = Set.of("mailer-daemon", "postmaster", "mail-daemon", "maildaemon");
    private static final Pattern NO_REPLY = Pattern.compile(
            "^(no[-_.]?reply|do[-_.]?not[-_.]?reply|nao[-_.]?responda|noresponder|ne[-_.]?pas[-_.]?repondre)([-_.+].*)?$");
    private static final Pattern VACATION = Pattern.compile(
            "out of (the )?office|automatic reply|auto[- ]?reply|autoreply|on vacation|resposta autom[áa]tica|aus[êe]ncia|f[ée]rias"
                    + "|r[ée]ponse automatique|absence du bureau|abwesenheit|automatische antwort|fuera de (la )?oficina|respuesta autom[áa]tica",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    private static final Pattern MACHINE_PREFIX = Pattern.compile(
            "^(automatic reply|resposta autom[áa]tica|r[ée]ponse automatique|automatische antwort|respuesta autom[áa]tica|auto(matic)? ?response|autoreply|out of office)\\s?:.*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    private Classifier() {}

    /** @param own the company's addresses, lower case */
    public static MailKind classify(ParsedMail mail, Set<String> own) {
        return bounce(mail)
                .or(() -> own(mail, own))
                .or(() -> automatic(mail))
                .or(() -> returned(mail))
                .or(() -> list(mail))
                .orElseGet(() -> person(mail));
    }

    private static Optional<MailKind> bounce(ParsedMail mail) {
        String report = signal(mail, "report-type");
        if (signal(mail, "content-type").equals("multipart/report") && !report.equals("disposition-notification")) {
            return no(Classification.BOUNCE, "it is a delivery report (multipart/report)");
        }
        if (mail.signals().containsKey("x-failed-recipients")) {
            return no(Classification.BOUNCE, "it names recipients that could not be reached (X-Failed-Recipients)");
        }
        String name = mail.from().name() == null ? "" : mail.from().name().toLowerCase(Locale.ROOT);
        String local = local(mail);
        return DAEMONS.contains(local) || DAEMONS.stream().anyMatch(name::startsWith)
                ? no(
                        Classification.BOUNCE,
                        "a mail system wrote it (" + (DAEMONS.contains(local) ? local : "mailer-daemon") + ")")
                : Optional.empty();
    }

    private static Optional<MailKind> own(ParsedMail mail, Set<String> own) {
        String address = mail.from().address().replaceFirst("\\+[^@]*@", "@");
        return own.contains(address) ? no(Classification.OWN, "From is the company's own address") : Optional.empty();
    }

    private static Optional<MailKind> automatic(ParsedMail mail) {
        String submitted = signal(mail, "auto-submitted");
        if (!submitted.isEmpty() && !submitted.startsWith("no")) {
            return no(Classification.AUTO_REPLY, "Auto-Submitted is " + submitted);
        }
        if (signal(mail, "report-type").equals("disposition-notification")) {
            return no(Classification.AUTO_REPLY, "it is a receipt for a mail that was read");
        }
        for (String header : List.of("x-autoreply", "x-autorespond")) {
            if (mail.signals().containsKey(header) && !signal(mail, header).equals("no")) {
                return no(Classification.AUTO_REPLY, "it carries " + header);
            }
        }
        String suppress = signal(mail, "x-auto-response-suppress");
        if (!suppress.isEmpty() && !suppress.equals("none")) {
            return no(Classification.AUTO_REPLY, "X-Auto-Response-Suppress is " + suppress);
        }
        String subject = mail.subject() == null ? "" : mail.subject();
        String precedence = signal(mail, "precedence");
        if (precedence.equals("auto_reply")
                || (!precedence.isEmpty() && VACATION.matcher(subject).find())) {
            return no(
                    Classification.AUTO_REPLY,
                    "its subject and Precedence " + precedence + " are those of an absence notice");
        }
        if (MACHINE_PREFIX.matcher(subject).matches()) {
            return no(Classification.AUTO_REPLY, "its subject begins as automatic replies do");
        }
        return NO_REPLY.matcher(local(mail)).matches()
                ? no(Classification.AUTO_REPLY, "its sender takes no answers (" + local(mail) + ")")
                : Optional.empty();
    }

    private static Optional<MailKind> returned(ParsedMail mail) {
        return signal(mail, "return-path").equals("<>")
                ? no(Classification.BOUNCE, "its return path is empty")
                : Optional.empty();
    }

    private static Optional<MailKind> list(ParsedMail mail) {
        for (String header : List.of("list-id", "list-unsubscribe", "list-post")) {
            if (mail.signals().containsKey(header)) {
                return no(Classification.MAILING_LIST, "it carries " + header);
            }
        }
        String precedence = signal(mail, "precedence");
        return Set.of("list", "bulk", "junk").contains(precedence)
                ? no(Classification.MAILING_LIST, "Precedence is " + precedence)
                : Optional.empty();
    }

    private static MailKind person(ParsedMail mail) {
        return mail.from().address().endsWith("@ingest.invalid")
                ? new MailKind(Classification.PERSON, false, List.of("it names no address to answer to"))
                : new MailKind(Classification.PERSON, true, List.of("nothing in it says that a program sent it"));
    }

    private static Optional<MailKind> no(Classification classification, String reason) {
        return Optional.of(new MailKind(classification, false, List.of(reason)));
    }

    private static String signal(ParsedMail mail, String name) {
        return mail.signals().getOrDefault(name, "").strip().toLowerCase(Locale.ROOT);
    }

    private static String local(ParsedMail mail) {
        String address = mail.from().address();
        return address.substring(0, Math.max(0, address.lastIndexOf('@')));
    }
}
