package org.capitania.approval.console;

/** Mail addresses, and other texts, as they can be trusted to look. */
final class Addresses {
    private Addresses() {}

    /** Of an address every character that is not plain ASCII is spelled out: {@code аna@x.example} with a Cyrillic first letter becomes {@code [U+0430]na@x.example}. */
    static String visible(String address) {
        StringBuilder shown = new StringBuilder();
        address.codePoints().forEach(c -> {
            if (c > ' ' && c < 0x7f) {
                shown.appendCodePoint(c);
            } else if (c == ' ') {
                shown.append(' ');
            } else {
                shown.append("[U+%04X]".formatted(c));
            }
        });
        return shown.toString();
    }

    /** Of another text only what shows nothing, or turns the direction of what does. */
    static String readable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean hides = switch (Character.getType(c)) {
                case Character.CONTROL -> c != '\n' && c != '\t';
                case Character.FORMAT,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> true;
                default -> false;
            };
            if (hides) {
                shown.append("[U+%04X]".formatted(c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}
