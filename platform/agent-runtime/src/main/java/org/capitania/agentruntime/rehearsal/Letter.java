package org.capitania.agentruntime.rehearsal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A short business reply.
 *
 * @param greeted the sender's first name; empty when unknown
 * @param asked the sender's own question; empty when none was found
 * @param fact what the operator found; empty when nothing
 * @param missing what could not be found
 */
record Letter(
        Language language,
        String greeted,
        String subject,
        String asked,
        Optional<String> fact,
        String missing,
        String company) {
    private static final Pattern QUESTION = Pattern.compile("([^.!?\\r\\n>]{8,200}\\?)");
    private static final Pattern QUOTED_LINES = Pattern.compile("(?m)^\\s*>.*$");

    /** The first question in a mail's own words, not in what it quotes. */
    static String question(String body) {
        Matcher matcher = QUESTION.matcher(QUOTED_LINES.matcher(body).replaceAll(""));
        return matcher.find() ? matcher.group(1).strip() : "";
    }

    /** The name to greet by: the first word of a display name, unless it is an address. */
    static String firstName(String displayName) {
        String first = displayName.replaceAll("[\"',].*", "").strip().split("\\s+", 2)[0];
        return first.contains("@") || !first.matches("\\p{L}[\\p{L}.'-]*") ? "" : first;
    }

    String text() {
        return language == Language.PORTUGUESE ? portuguese() : english();
    }

    private String english() {
        StringBuilder out = new StringBuilder(greeted.isEmpty() ? "Hello,\n\n" : "Hello " + greeted + ",\n\n");
        out.append("Thank you for your message")
                .append(about(" about \"", "\""))
                .append(".\n\n");
        if (!asked.isEmpty()) {
            out.append("You asked: \"").append(asked).append("\"\n\n");
        }
        fact.ifPresentOrElse(
                f -> out.append("Our records say: \"")
                        .append(f)
                        .append("\"\n\n")
                        .append("If this is not what you meant, please tell us and we will look again."),
                () -> out.append("We have not found what is needed to answer this yet: ")
                        .append(missing)
                        .append(". We are checking and will come back to you."));
        return out.append("\n\nKind regards,\n")
                .append(company)
                .append(
                        "\n\n-- \nWritten by Capitania's rehearsal model, which follows fixed rules and is not a language model.\n")
                .toString();
    }

    private String portuguese() {
        StringBuilder out = new StringBuilder(greeted.isEmpty() ? "Bom dia,\n\n" : "Bom dia " + greeted + ",\n\n");
        out.append("Obrigado pela sua mensagem").append(about(" sobre «", "»")).append(".\n\n");
        if (!asked.isEmpty()) {
            out.append("Perguntou: «").append(asked).append("»\n\n");
        }
        fact.ifPresentOrElse(
                f -> out.append("Nos nossos registos consta: «")
                        .append(f)
                        .append("»\n\n")
                        .append("Se não era isto que procurava, diga-nos, por favor, e voltamos a ver."),
                () -> out.append("Ainda não encontrámos o que é preciso para lhe responder: ")
                        .append(missing)
                        .append(". Estamos a verificar e voltaremos ao contacto."));
        return out.append("\n\nCom os melhores cumprimentos,\n")
                .append(company)
                .append(
                        "\n\n-- \nEscrito pelo modelo de ensaio da Capitania, que segue regras fixas e não é um modelo de linguagem.\n")
                .toString();
    }

    private String about(String open, String close) {
        String bare =
                subject.replaceAll("(?i)^((re|fw|fwd|enc|res)\\s*:\\s*)+", "").strip();
        return bare.isEmpty() ? "" : open + bare + close;
    }
}
