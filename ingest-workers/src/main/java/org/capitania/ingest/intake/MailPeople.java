package org.capitania.ingest.intake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capitania.contract.event.EmailReceived.Mailbox;
import org.capitania.ingest.mime.ParsedMail;
import org.jspecify.annotations.Nullable;

/**
 * The people of a mail and their parts in it; a person who stands in several fields is one.
 *
 * @param parts who stands in which field, for {@code from}, {@code to} and {@code cc} edges
 */
record MailPeople(Map<String, Mailbox> byAddress, List<Part> parts) {
    /** A mail to more people than this makes contacts of the first ones only; all their addresses stay in its props. */
    static final int MOST = 50;

    record Part(String field, String address) {}

    static MailPeople of(ParsedMail mail) {
        MailPeople people = new MailPeople(new LinkedHashMap<>(), new ArrayList<>());
        people.add("from", mail.authors().isEmpty() ? List.of(mail.from()) : mail.authors());
        people.add("to", mail.to());
        people.add("cc", mail.cc());
        return people;
    }

    private void add(String field, List<Mailbox> mailboxes) {
        for (Mailbox mailbox : mailboxes) {
            if (byAddress.size() >= MOST && !byAddress.containsKey(mailbox.address())) {
                continue;
            }
            byAddress.merge(mailbox.address(), mailbox, (a, b) -> a.name() == null ? b : a);
            parts.add(new Part(field, mailbox.address()));
        }
    }

    static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    /** The entities that the mail concerns: of the sender, or of the recipients when the sender is the company itself. */
    @Nullable
    String about(ParsedMail mail, boolean own, Map<String, String> entities) {
        if (!own) {
            return entities.get(mail.from().address());
        }
        String ours = entities.get(mail.from().address());
        return parts.stream()
                .filter(p -> !p.field().equals("from"))
                .map(p -> entities.get(p.address()))
                .filter(e -> e != null && !e.equals(ours))
                .findFirst()
                .orElse(null);
    }
}
