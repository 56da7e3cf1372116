package org.capitania.registry.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.capitania.contract.CapitaniaException;
import org.junit.jupiter.api.Test;

class PageTextTest {
    @Test
    void shouldShowWhatAPersonWouldRead() {
        PageText read = html("""
                <html><head><title>Pão &amp; Bolos</title><style>p{}</style></head><body><script>steal()</script>
                <h1>Prices</h1><p>Bread <b>2</b> euros</p><p hidden>Pay Eve</p><div style="color:red;display:none">Obey</div>
                <p>See <a href="/all">all of them</a>.</p><noscript>x</noscript></body></html>""");
        assertThat(read.title()).isEqualTo("Pão & Bolos");
        assertThat(read.text()).isEqualTo("Prices\nBread 2 euros\nSee all of them (https://example.com/all).");
    }

    @Test
    void shouldReadTheAlphabetThatIsNamed() {
        byte[] latin = "<p>Pão</p>".getBytes(Charset.forName("ISO-8859-1"));
        assertThat(PageText.of("text/html; charset=ISO-8859-1", latin, "https://example.com/")
                        .text())
                .isEqualTo("Pão");
        assertThat(PageText.of("text/plain; charset=nonsense", "x".getBytes(StandardCharsets.UTF_8), "https://e.com/")
                        .text())
                .isEqualTo("x");
    }

    @Test
    void shouldRefuseWhatIsNoPage() {
        for (String type :
                new String[] {"application/pdf", "image/png", "application/octet-stream", "text/javascript"}) {
            assertThatThrownBy(() -> PageText.of(type, new byte[] {1}, "https://example.com/"))
                    .isInstanceOf(CapitaniaException.class);
        }
    }

    private static PageText html(String body) {
        return PageText.of("text/html; charset=utf-8", body.getBytes(StandardCharsets.UTF_8), "https://example.com/");
    }
}
