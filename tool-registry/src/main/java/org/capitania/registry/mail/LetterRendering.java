package org.capitania.registry.mail;

import java.net.IDN;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.capitania.registry.freezing.VisibleText;

/** A letter as the owner sees it before it leaves: our words around its exact content, with nothing in it that hides. */
final class LetterRendering {
    private static final int SUBJECT_IN_SUMMARY = 80;

    private final Letter letter;
    private final Map<String, String> names;
    private final Set<String> known;
    private final Set<String> warnings = new LinkedHashSet<>();

    /**
     * Prepares one.
     *
     * @param names what we call the person behind an address key
     * @param known the address keys of the thread and of our contacts, against which look-alikes show
     */
    LetterRendering(Letter letter, Map<String, String> names, Collection<String> known) {
        this.letter = letter;
        this.names = names;
        this.known = Set.copyOf(known);
    }

    Rendering render() {
        List<String> to = letter.to().stream().map(this::recipient).toList();
        List<String> cc = letter.cc().stream().map(this::recipient).toList();
        String subject = visible(letter.subject(), "the subject");
        String body = visible(letter.bodyText(), "the text");
        List<String> recipients = new ArrayList<>(to);
        cc.forEach(c -> recipients.add("cc " + c));
        return new Rendering(
                "Mail to " + String.join(", ", to) + ": " + cut(subject),
                recipients,
                subject,
                body,
                markdown(to, cc, subject, body),
                List.copyOf(warnings));
    }

    private String markdown(List<String> to, List<String> cc, String subject, String body) {
        StringBuilder out = new StringBuilder();
        out.append("**From:** ").append(code(letter.from())).append("  \n");
        to.forEach(t -> out.append("**To:** ").append(code(t)).append("  \n"));
        cc.forEach(c -> out.append("**Cc:** ").append(code(c)).append("  \n"));
        out.append("**Subject:** ").append(code(subject)).append("\n\n");
        warnings.forEach(w -> out.append("> ⚠ ").append(w).append("\n"));
        String fence = VisibleText.fence(body);
        return out.append(warnings.isEmpty() ? "" : "\n")
                .append(fence)
                .append("text\n")
                .append(body)
                .append("\n")
                .append(fence)
                .append("\n")
                .toString();
    }

    private String recipient(String address) {
        VisibleText shown = VisibleText.of(address);
        if (!shown.plain()) {
            warnings.add("the address " + shown.shown() + " contains characters that hide or look like others");
        }
        String key = Address.key(address);
        if (!known.contains(key)) {
            warnings.add("nobody has written to us from " + shown.shown() + " in this conversation");
        }
        known.stream()
                .filter(k -> !k.equals(key) && VisibleText.skeleton(k).equals(VisibleText.skeleton(address)))
                .forEach(k -> warnings.add("the address " + shown.shown() + " looks like " + k + " but is another"));
        String name = names.get(key);
        return (name == null ? "" : VisibleText.of(name).shown() + " ") + "<" + shown.shown() + ">"
                + domainNote(address);
    }

    private String domainNote(String address) {
        String domain = address.substring(address.lastIndexOf('@') + 1);
        String ascii = IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
        String unicode = IDN.toUnicode(domain, IDN.ALLOW_UNASSIGNED);
        if (ascii.equalsIgnoreCase(unicode)) {
            return "";
        }
        String other = domain.equalsIgnoreCase(ascii) ? VisibleText.of(unicode).shown() : ascii;
        warnings.add("the domain " + ascii + " is written in letters that may look like others ("
                + VisibleText.of(unicode).shown() + ")");
        return " (" + other + ")";
    }

    private String visible(String text, String what) {
        VisibleText shown = VisibleText.of(text.replace("\r\n", "\n"));
        if (shown.hidden() > 0) {
            warnings.add(what + " has " + shown.hidden() + " invisible character" + (shown.hidden() == 1 ? "" : "s")
                    + ", shown as ‹U+…›");
        }
        if (shown.lookAlikes() > 0) {
            warnings.add(what + " has " + shown.lookAlikes() + " letter" + (shown.lookAlikes() == 1 ? "" : "s")
                    + " that pass for others, shown with their code");
        }
        return shown.shown();
    }

    private static String code(String text) {
        String fence = "`".repeat(VisibleText.longestRun(text) + 1);
        String line = text.replace("\n", " ");
        return fence + (line.startsWith("`") || line.endsWith("`") ? " " + line + " " : line) + fence;
    }

    private static String cut(String subject) {
        int end = subject.offsetByCodePoints(
                0, Math.min(SUBJECT_IN_SUMMARY, subject.codePointCount(0, subject.length())));
        return end == subject.length() ? subject : subject.substring(0, end) + "…";
    }
}
