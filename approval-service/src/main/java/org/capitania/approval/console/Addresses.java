package org.capitania.approval.console;

/** Mail addresses as they can be trusted to look: every character that is not plain ASCII is spelled out. */
final class Addresses {
    private Addresses() {}

    /** {@code аna@x.example} with a Cyrillic first letter becomes {@code [U+0430]na@x.example}. */
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
}
