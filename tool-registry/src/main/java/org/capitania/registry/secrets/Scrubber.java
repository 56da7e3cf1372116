package org.capitania.registry.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.capitania.contract.Json;
import org.eclipse.microprofile.config.Config;

/** Takes secrets out of what is shown: this process's own, however they are spelled, and whatever has the shape of a key or a token. */
@Singleton
public class Scrubber {
    static final String INSTEAD = "[secret removed]";

    private static final int SHORTEST = 8;
    private static final Pattern WORD = Pattern.compile("[a-z]{1,15}");
    private static final Pattern NAMED = Pattern.compile("(?i).*(password|api[-_.]key|secret|token)");
    private static final Pattern SHAPES = Pattern.compile(String.join(
            "|",
            "-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\\s\\\\]{0,10000}+(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?",
            "\\beyJ[A-Za-z0-9_-]{10,2000}\\.eyJ[A-Za-z0-9_-]{10,4000}\\.[A-Za-z0-9_-]{10,2000}",
            "\\bsk-[A-Za-z0-9_-]{20,200}",
            "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b",
            "\\bgh[pousr]_[A-Za-z0-9]{30,255}",
            "\\bgithub_pat_[A-Za-z0-9_]{30,255}",
            "\\bglpat-[A-Za-z0-9_-]{20,64}",
            "\\bxox[abprs]-[A-Za-z0-9-]{10,255}",
            "\\bAIza[0-9A-Za-z_-]{35}",
            "\"d\"\\s{0,5}:\\s{0,5}\"[A-Za-z0-9_-]{40,1000}\""));
    /** What stands before a secret, which is kept. */
    private static final Pattern LED_TO = Pattern.compile("(://[^/\\s:@]{1,100}:)[^/\\s@]{1,200}+(?=@)"
            + "|\\b([A-Z0-9_]{0,40}(?:PASSWORD|SECRET|API_KEY|TOKEN)=)[^\\s\"']{8,500}+");

    /** What every text with a secret has in it: without any of these there is nothing to look for. */
    private static final List<String> SIGNS = List.of(
            "-----BEGIN",
            "eyJ",
            "sk-",
            "AKIA",
            "ASIA",
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_",
            "github_pat_",
            "glpat-",
            "xox",
            "AIza",
            "\"d\"",
            "://",
            "PASSWORD=",
            "SECRET=",
            "API_KEY=",
            "TOKEN=");

    /** Those of them that stand at the beginning of a word. */
    private static final Set<String> BEGIN_A_WORD = Set.of(
            "eyJ",
            "sk-",
            "AKIA",
            "ASIA",
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_",
            "github_pat_",
            "glpat-",
            "xox",
            "AIza");

    private final List<String> own;
    /** The signs and the own secrets, by the character they begin with. */
    private final Map<Character, List<String>> signs;
    /** Whether one begins with a character of ASCII. */
    private final boolean[] begins = new boolean[128];

    @jakarta.inject.Inject
    Scrubber(Config config) {
        this(StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> NAMED.matcher(name).matches())
                .flatMap(name -> value(config, name).stream())
                .toList());
    }

    private static Optional<String> value(Config config, String name) {
        try {
            return config.getOptionalValue(name, String.class);
        } catch (NoSuchElementException e) {
            // It stands for another setting that is not there: then there is nothing to hide.
            return Optional.empty();
        }
    }

    /** Knows these beside whatever has the shape of one. */
    public Scrubber(Collection<String> secrets) {
        Set<String> all = new LinkedHashSet<>();
        secrets.stream().filter(Scrubber::telling).forEach(secret -> all.addAll(Spellings.of(secret)));
        // The longest first: one may be the beginning of another.
        this.own = all.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        this.signs = Stream.concat(SIGNS.stream(), own.stream()).collect(Collectors.groupingBy(sign -> sign.charAt(0)));
        this.signs.keySet().stream().filter(c -> c < begins.length).forEach(c -> begins[c] = true);
    }

    /** Whether it is one of this process's own, in any of its spellings. */
    boolean knows(String secret) {
        return own.contains(secret);
    }

    /** A word of ordinary language is no secret worth cutting out of every text. */
    private static boolean telling(String secret) {
        return secret.length() >= SHORTEST && !WORD.matcher(secret).matches();
    }

    /** The same without secrets; itself when there are none. */
    public JsonNode clean(JsonNode node) {
        return suspect(node) ? cleaned(node) : node;
    }

    private JsonNode cleaned(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = Json.MAPPER.createObjectNode();
            object.properties().forEach(p -> copy.set(clean(p.getKey()), cleaned(p.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = Json.MAPPER.createArrayNode();
            array.forEach(each -> copy.add(cleaned(each)));
            return copy;
        }
        return node.isTextual() ? TextNode.valueOf(clean(node.asText())) : node;
    }

    private boolean suspect(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> property : object.properties()) {
                if (suspect(property.getKey()) || suspect(property.getValue())) {
                    return true;
                }
            }
            return false;
        }
        if (node.isArray()) {
            for (JsonNode each : node) {
                if (suspect(each)) {
                    return true;
                }
            }
            return false;
        }
        return node.isTextual() && suspect(node.asText());
    }

    /** Once through the text: most have none, and the patterns take a hundred times as long to say so. */
    private boolean suspect(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c >= begins.length || begins[c]) && signAt(text, i)) {
                return true;
            }
        }
        return false;
    }

    private boolean signAt(String text, int at) {
        for (String sign : signs.getOrDefault(text.charAt(at), List.of())) {
            if (text.startsWith(sign, at) && (!BEGIN_A_WORD.contains(sign) || beginsAWord(text, at))) {
                return true;
            }
        }
        return false;
    }

    /** Within a word none of them is one: every name of a task has {@code sk-} in it. */
    private static boolean beginsAWord(String text, int at) {
        char before = at == 0 ? ' ' : text.charAt(at - 1);
        return !(before == '_'
                || (before >= '0' && before <= '9')
                || (before >= 'A' && before <= 'Z')
                || (before >= 'a' && before <= 'z'));
    }

    public String clean(String text) {
        if (text.length() < SHORTEST || !suspect(text)) {
            return text;
        }
        String clean = text;
        for (String secret : own) {
            clean = clean.replace(secret, INSTEAD);
        }
        String shapeless = SHAPES.matcher(clean).replaceAll(INSTEAD);
        return LED_TO.matcher(shapeless)
                .replaceAll(m -> Matcher.quoteReplacement((m.group(1) == null ? m.group(2) : m.group(1)) + INSTEAD));
    }
}
