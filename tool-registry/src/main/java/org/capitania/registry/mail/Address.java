package org.capitania.registry.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.net.IDN;
import java.util.List;
import java.util.Locale;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.jspecify.annotations.Nullable;

/**
 * One bare mail address.
 *
 * @param text as it was written, which is what is shown and sent
 * @param key lower case with the domain in its ASCII form: two addresses with one key are the same mailbox
 */
public record Address(String text, String key) {

    /** Reads an address; a name beside it, a group, or anything that is not exactly one address is refused with its path. */
    public static Address parse(String text, String path) {
        try {
            InternetAddress[] parsed = InternetAddress.parse(text, true);
            boolean one = parsed.length == 1 && !parsed[0].isGroup() && text.equals(parsed[0].getAddress());
            int at = text.lastIndexOf('@');
            if (one && at > 0 && at < text.length() - 1 && !text.contains("\"") && text.indexOf('@') == at) {
                return new Address(text, key(text));
            }
        } catch (AddressException | IllegalArgumentException e) {
            throw wrong(text, path, e);
        }
        throw wrong(text, path, null);
    }

    /** The key of an address that was stored by us; never fails. */
    public static String key(String address) {
        int at = address.lastIndexOf('@');
        String lower = address.toLowerCase(Locale.ROOT);
        if (at < 0) {
            return lower;
        }
        String domain = lower.substring(at + 1);
        try {
            return lower.substring(0, at + 1)
                    + IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return lower;
        }
    }

    String domain() {
        return text.substring(text.lastIndexOf('@') + 1);
    }

    private static CapitaniaException wrong(String text, String path, @Nullable Throwable cause) {
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION,
                path + " is not one bare mail address",
                List.of(new FieldError(
                        path, text, "one address such as rita@example.com", path + ": not one bare mail address")),
                "write only the address, without a name",
                cause);
    }
}
