package org.capitania.agentruntime.rehearsal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A short business reply.
 *
 * @param greeted the sender's first name; empty when unknown
 */
record Letter(Language language, String greeted, List<String> paragraphs, String company) {
    private static final Pattern QUESTION = Pattern.compile("([^.!?\\r\\n>]{8,200}\\?)");
    private static final Pattern QUOTED_LINES = Pattern.compile("(?m)^\\s*>.*$");

    Letter {
        paragraphs = List.copyOf(paragraphs);
    }

    /** A mail in its own words, without what it quotes. */
    static String own(String body) {
        return QUOTED_LINES.matcher(body).replaceAll("");
    }

    /** The first question in a mail's own words. */
    static String question(String body) {
        Matcher matcher = QUESTION.matcher(own(body));
        return matcher.find() ? matcher.group(1).strip() : "";
    }

    /** The name to greet by: the first word of a display name, unless it is an address. */
    static String firstName(String displayName) {
        String first = displayName.replaceAll("[\"',].*", "").strip().split("\\s+", 2)[0];
        return first.contains("@") || !first.matches("\\p{L}[\\p{L}.'-]*") ? "" : first;
    }

    /** What a mail is about: its subject without the marks of replies. */
    static String bare(String subject) {
        return subject.replaceAll("(?i)^((re|fw|fwd|enc|res)\\s*:\\s*)+", "").strip();
    }

    String text() {
        String name = greeted.isEmpty() ? "" : " " + greeted;
        return language.say("Hello", "Bom dia") + name + ",\n\n"
                + String.join("\n\n", paragraphs)
                + "\n\n"
                + language.say("Kind regards", "Com os melhores cumprimentos")
                + ",\n"
                + company
                + "\n\n-- \n"
                + language.say(
                        "Written by Capitania's rehearsal model, which follows fixed rules and is not a language model.",
                        "Escrito pelo modelo de ensaio da Capitania, que segue regras fixas e não é um modelo de linguagem.")
                + "\n";
    }
}
