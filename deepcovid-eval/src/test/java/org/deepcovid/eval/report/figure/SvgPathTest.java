package org.deepcovid.eval.report.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import org.junit.jupiter.api.Test;

class SvgPathTest {

    @Test
    void writesHundredthsWithoutNeedlessCharacters() {
        assertThat(SvgPath.of(new Line2D.Double(1, 2.5, 1.25, -0.001))).isEqualTo("M1 2.5l.25-2.5");
        assertThat(SvgPath.of(new Line2D.Double(-1.5, 0, 8.5, 0.05))).isEqualTo("M-1.5 0l10 .05");
    }

    @Test
    void keepsCurvesAndClosings() {
        Path2D path = new Path2D.Double();
        path.moveTo(10, 10);
        path.quadTo(11, 12, 13, 14);
        path.curveTo(14, 14, 15, 15, 16, 17);
        path.closePath();
        path.lineTo(11, 10); // from where the closed part began

        assertThat(SvgPath.of(path)).isEqualTo("M10 10q1 2 3 4c1 0 2 1 3 3zl1 0");
    }

    @Test
    void roundingErrorsDoNotAddUp() {
        Path2D path = new Path2D.Double();
        path.moveTo(0, 0);
        for (int i = 1; i <= 1000; i++) {
            path.lineTo(i * 0.004, 0); // each step alone would round to 0
        }
        double x = 0;
        for (String step : SvgPath.of(path).substring(5).split("l")) {
            x += Double.parseDouble(step.split(" ")[0]);
        }
        assertThat(x).isCloseTo(4, org.assertj.core.api.Assertions.within(1e-9));
    }
}
