package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import org.junit.jupiter.api.Test;

class HtmlTest {

    @Test
    void escapesTextsAndAttributes() {
        String html =
                new Html()
                        .open("p", "title", "\"a\" <b> & 'c'")
                        .text("<script>&\u0007\u00e9")
                        .close()
                        .toString();

        assertThat(html)
                .isEqualTo(
                        "<p title=\"&quot;a&quot; &lt;b&gt; &amp; &#39;c&#39;\">"
                                + "&lt;script&gt;&amp;\uFFFD\u00e9</p>\n");
    }

    @Test
    void closesElementsFromTheInside() {
        assertThat(new Html().open("a").open("code").open("br").close().close().toString())
                .isEqualTo("<a><code><br/></code></a>");
    }

    @Test
    void refusesOpenElementsAtTheEndAndAttributesWithoutValue() {
        assertRefusedNaming(() -> new Html().open("p", "class"), "expected pairs");
        assertThatThrownBy(new Html().open("div").open("p")::toString)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("[p, div]");
    }

    @Test
    void tablesNameTheirRowsAndColumns() {
        Html.Table table =
                new Html.Table("Cap & tion", "name", "value", "remark")
                        .row("<row>", "0.5 [0.1, 0.9]", "none");

        assertThat(new Html().table(table).toString())
                .contains(
                        "<caption>Cap &amp; tion</caption>",
                        "<th scope=\"col\" role=\"columnheader\">value</th>",
                        "<th scope=\"row\" role=\"rowheader\">&lt;row&gt;</th>",
                        "class=\"number\" data-column=\"value\">0.5 [0.1, 0.9]</td>",
                        "<td role=\"cell\" data-column=\"remark\">none</td>",
                        "role=\"region\" tabindex=\"0\" aria-label=\"Cap &amp; tion\"");
        assertRefusedNaming(
                () -> new Html.Table("T", "a", "b").row("1"),
                "table 'T' has 2 columns; expected as many cells, not 1");
    }
}
