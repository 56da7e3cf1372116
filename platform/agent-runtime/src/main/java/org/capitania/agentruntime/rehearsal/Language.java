package org.capitania.agentruntime.rehearsal;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The two languages the rehearsal model writes; told apart by their commonest words and by letters that English lacks. */
enum Language {
    ENGLISH,
    PORTUGUESE;

    private static final Set<String> PORTUGUESE_WORDS = Set.of(
            "a",
            "o",
            "os",
            "as",
            "um",
            "uma",
            "de",
            "do",
            "da",
            "dos",
            "das",
            "em",
            "no",
            "na",
            "que",
            "não",
            "nao",
            "para",
            "por",
            "com",
            "é",
            "são",
            "está",
            "estou",
            "bom",
            "boa",
            "dia",
            "tarde",
            "olá",
            "ola",
            "obrigado",
            "obrigada",
            "cumprimentos",
            "podem",
            "pode",
            "gostaria",
            "gostava",
            "nosso",
            "nossa",
            "vosso",
            "vossa",
            "quando",
            "qual",
            "ainda",
            "já",
            "mais",
            "encomenda",
            "fatura",
            "orçamento",
            "proposta");
    private static final Set<String> ENGLISH_WORDS = Set.of(
            "the", "of", "and", "to", "in", "is", "are", "you", "your", "we", "our", "for", "with", "that", "this",
            "have", "has", "can", "could", "would", "please", "thanks", "thank", "hello", "hi", "dear", "regards",
            "when", "what", "which", "order", "invoice", "i", "it", "be", "on", "at", "from");

    /** What is said in one language or the other. */
    String say(String english, String portuguese) {
        return this == PORTUGUESE ? portuguese : english;
    }

    /** So many of something: with the word for one, or for several. */
    String count(long many, String one, String more, String uma, String mais) {
        return many + " " + (many == 1 ? say(one, uma) : say(more, mais));
    }

    /** A day as people write it; what there is of it where it is none. */
    String date(String day) {
        try {
            return LocalDate.parse(day)
                    .format(
                            this == PORTUGUESE
                                    ? DateTimeFormatter.ofPattern("d 'de' MMMM 'de' uuuu", Locale.of("pt", "PT"))
                                    : DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH));
        } catch (DateTimeException e) {
            return day;
        }
    }

    /** What it says below a page that somebody reads. */
    String rehearsed() {
        return say(
                "Drafted by Capitania's rehearsal model, which follows fixed rules and is not a language model.",
                "Preparado pelo modelo de ensaio da Capitania, que segue regras fixas e não é um modelo de linguagem.");
    }

    /** The language of a tag such as {@code pt-PT}; nothing where there is no tag. */
    static Optional<Language> ofTag(String tag) {
        return tag.isBlank()
                ? Optional.empty()
                : Optional.of(tag.toLowerCase(Locale.ROOT).startsWith("pt") ? PORTUGUESE : ENGLISH);
    }

    /** The reader's language, where a refusal names it. */
    static Optional<Language> ofName(String refusal) {
        return refusal.contains("reader's language is Portuguese")
                ? Optional.of(PORTUGUESE)
                : refusal.contains("reader's language is English") ? Optional.of(ENGLISH) : Optional.empty();
    }

    /** The language of a text; English when nothing tells. */
    static Language of(String text) {
        int portuguese = 0;
        int english = 0;
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}]+")) {
            if (PORTUGUESE_WORDS.contains(word)) {
                portuguese++;
            }
            if (ENGLISH_WORDS.contains(word)) {
                english++;
            }
            if (word.matches(".*[ãõçáéíóúâêô].*")) {
                portuguese++;
            }
        }
        return portuguese > english ? PORTUGUESE : ENGLISH;
    }
}
