package org.capitania.ingest.classification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.capitania.contract.event.EmailReceived.Classification;
import org.capitania.ingest.mime.Corpus;
import org.capitania.ingest.mime.MailParser;
import org.capitania.ingest.mime.Reading;
import org.capitania.ingest.mime.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifierTest {
    private static final Set<String> OWN = Set.of("ola@atelierframa.example");

    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource({
        "01-plain-customer, PERSON, true",
        "03-html-only, PERSON, true",
        "08-no-subject-date-id, PERSON, true",
        "12-reply-quoted, PERSON, true",
        "20-winmail-calendar, PERSON, true",
        "09-mailing-list, MAILING_LIST, false",
        "10-auto-reply, AUTO_REPLY, false",
        "11-bounce, BOUNCE, false",
        "25-report-read, AUTO_REPLY, false",
        "26-own, OWN, false",
        "30-noreply, AUTO_REPLY, false"
    })
    void shouldTellPeopleFromProgramsWhenTheCorpusIsClassified(String name, Classification expected, boolean answerable)
            throws IOException {
        MailKind kind = classify(Corpus.bytes(name + ".eml"));
        assertThat(kind.classification()).isEqualTo(expected);
        assertThat(kind.answerable()).isEqualTo(answerable);
        assertThat(kind.reasons()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Precedence: bulk                            | MAILING_LIST",
                "List-Unsubscribe: <mailto:x@y.example>      | MAILING_LIST",
                "Precedence: bulk~Subject: Out of office     | AUTO_REPLY",
                "Subject: Automatic reply: your question     | AUTO_REPLY",
                "X-Auto-Response-Suppress: OOF               | AUTO_REPLY",
                "X-Auto-Response-Suppress: None              | PERSON",
                "Auto-Submitted: no                          | PERSON",
                "Auto-Submitted: auto-generated (cron)       | AUTO_REPLY",
                "X-Autoreply: yes                            | AUTO_REPLY",
                "Return-Path: <>                             | BOUNCE",
                "X-Failed-Recipients: a@b.example            | BOUNCE",
                "Subject: Re: Automatic reply: your question | PERSON",
                "Subject: Marcação de férias                 | PERSON",
            })
    void shouldDecideByOneHeaderWhenNothingElseSpeaks(String headers, Classification expected) throws IOException {
        String mail = headers.replace("~", "\n") + "\nFrom: a@b.example\n\nx";
        assertThat(classify(mail.getBytes(StandardCharsets.UTF_8)).classification())
                .isEqualTo(expected);
    }

    @Test
    void shouldKnowItsOwnAddressWhenItCarriesATag() throws IOException {
        byte[] mail = "From: Ola+news@AtelierFrama.example\n\nx".getBytes(StandardCharsets.UTF_8);
        assertThat(classify(mail).classification()).isEqualTo(Classification.OWN);
    }

    @Test
    void shouldNotAnswerWhenNobodyIsNamed() throws IOException {
        MailKind kind = classify("To: ola@atelierframa.example\nSubject: x\n\nx".getBytes(StandardCharsets.UTF_8));
        assertThat(kind.classification()).isEqualTo(Classification.PERSON);
        assertThat(kind.answerable()).isFalse();
    }

    private MailKind classify(byte[] mail) throws IOException {
        Path file = Files.write(dir.resolve("mail"), mail);
        return Classifier.classify(((Reading.Mail) MailParser.read(file, Sha256.of(mail))).mail(), OWN);
    }
}
