package org.capitania.agentruntime.workspace;

import java.util.regex.Pattern;

/** A text that ends a search which looks at it too often: an expression that goes back and forth would hold every turn up. */
final class BoundedText implements CharSequence {
    /** Some milliseconds of looking; a rule is to be judged in less than 50. */
    private static final int LOOKS = 500_000;

    private static final class Enough extends RuntimeException {
        Enough() {
            super("too many looks", null, false, false);
        }
    }

    private final CharSequence text;
    private int looks;

    private BoundedText(CharSequence text) {
        this.text = text;
    }

    /** Whether the expression is found in the text before the looks are used up. */
    static boolean finds(Pattern expression, CharSequence text) {
        try {
            return expression.matcher(new BoundedText(text)).find();
        } catch (Enough e) {
            return false;
        }
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++looks > LOOKS) {
            throw new Enough();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
