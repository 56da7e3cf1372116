package org.capitania.ingest.intake;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.capitania.ingest.mime.Addresses;

/** The company's own addresses, as mails are compared with them. */
@ApplicationScoped
public class OwnAddresses {
    private final Set<String> all = new LinkedHashSet<>();

    OwnAddresses(MailboxConfig config) {
        config.from().ifPresent(this::add);
        config.own().orElse(List.of()).forEach(this::add);
    }

    private void add(String configured) {
        Addresses.parse(configured).forEach(m -> all.add(m.address()));
    }

    public Set<String> all() {
        return Set.copyOf(all);
    }

    /** The mailbox that mail is for when nothing else says so. */
    public String mailbox() {
        return all.isEmpty() ? "inbox" : all.iterator().next();
    }
}
