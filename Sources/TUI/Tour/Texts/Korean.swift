extension TourLanguage {
    /// Terms as Korean papers use them, with the English word in brackets where they come first.
    package static let korean = TourLanguage(
        code: "ko", name: "한국어",
        texts: [
            "panel.title": "둘러보기",
            "panel.on": "Space: 다음",
            "panel.wait": "Space: 건너뛰기",
            "panel.back": "Backspace: 이전",
            "panel.chapters": "T: 목차",
            "panel.leave": "Esc: 끝내기",
            "panel.choose": "목차: Enter로 시작",
            "panel.loading": "{model} 모델을 불러오는 중입니다.",
            "panel.norun": "이 단계에는 학습 중인 모델이 필요합니다. T를 누르면 학습을 시작합니다.",
            "panel.elsewhere": "이 단계는 다른 화면에서 진행됩니다. T를 누르면 그곳으로 돌아갑니다.",

            "two-numbers": "두 개의 숫자",
            "two-numbers.walk.do":
                "큰 그림은 그 아래에 있는 두 숫자 z1, z2로 그린 것입니다. 화살표 키로 옆으로도 위로도 움직여 보세요. 숫자와 "
                + "그림이 함께 바뀌는 것을 보세요.",
            "two-numbers.walk.said":
                "({from})에서 ({to})로 옮겼습니다. 숫자 두 개가 바뀌자 픽셀 784개가 바뀌었습니다. 이 숫자들의 공간이 잠재 공간"
                + "(latent space)이고, 숫자를 그림으로 바꾸는 것이 디코더(decoder)입니다.",
            "two-numbers.compare.do":
                "이번에는 반대 방향입니다. 인코더(encoder)는 그림을 두 숫자로 바꿉니다. 3을 눌러 Compare 화면으로 가세요. 왼쪽이 "
                + "입력이고, 그 옆이 두 숫자만으로 디코더가 다시 그린 출력입니다.",
            "two-numbers.compare.said":
                "입력은 숫자 784개이고, 출력은 z = ({z})만으로 그렸습니다. 두 숫자로는 모든 것을 말할 수 없어서 흐립니다. "
                + "잃어버린 만큼이 재구성 손실(reconstruction loss)이며 여기서는 {reconstruction} nats입니다.",
            "two-numbers.worst.do":
                "모델이 학습한 그림들을 저장해 두는 것일까요? o를 눌러 손실이 큰 그림부터 놓고 맨 위를 보세요.",
            "two-numbers.worst.said":
                "그림 {image}의 손실은 {loss} nats로 평균 {mean}보다 훨씬 큽니다. 모델은 그림을 저장하지 않습니다. 매개변수 "
                + "{parameters}개가 두 숫자로 만들어 낼 수 있는 것만 그립니다.",

            "autoencoder": "오토인코더와 빈 곳",
            "autoencoder.load.do":
                "이런 신경망 가운데 가장 단순한 것이 오토인코더(autoencoder)입니다. 압축하고, 다시 그리고, 둘을 같게 만듭니다. Models "
                + "화면에서 화살표 키로 autoencoder를 고르고 Enter를 누르세요.",
            "autoencoder.load.said":
                "층의 너비는 같지만 노이즈도 KL 발산(KL divergence)도 없습니다. 처음 보는 숫자에 대한 재구성 손실은 {own} nats이고, "
                + "방금까지 본 VAE는 {other} nats입니다. 받은 그림을 다시 그리는 일은 그만큼 하거나 더 잘합니다.",
            "autoencoder.codes.do":
                "그림들을 어디에 놓았을까요? codes 보기가 나올 때까지 v를 누르세요. 표시 하나가 그림 하나이며, 색이 있는 "
                + "터미널에서는 색이 숫자의 종류입니다.",
            "autoencoder.codes.said":
                "코드 {count}개가 한쪽으로 {spread1}, 다른 쪽으로 {spread2}만큼(표준편차) 퍼져 있습니다. 어디에 있으라고 정해 준 것이 "
                + "없으니 아무 데나 있고, 그 사이는 비어 있습니다.",
            "autoencoder.hole.do":
                "주위에 코드가 없는 곳으로 가세요. 그다음 그림이 다시 보일 때까지 v를 누르세요. 아무것도 인코딩되지 않은 곳에서 "
                + "디코더는 무엇을 그릴까요?",
            "autoencoder.hole.said":
                "가장 가까운 코드까지의 거리는 {distance}입니다. 디코더는 무언가를 그리지만 무엇을 그려야 하는지 배운 적이 "
                + "없습니다. 오토인코더는 압축합니다. 그것만으로는 새 그림을 그리는 모델이 되지 않습니다.",
            "autoencoder.holes.do":
                "평면의 얼마가 그런 곳일까요? Models 화면이 고른 모델을 재어 줍니다. 몇 초 뒤에 \"holes\" 줄이 나타납니다.",
            "autoencoder.holes.said":
                "이 평면의 {empty} %에는 가까운 코드가 없고, {lost} %는 다른 곳으로 인코딩되는 그림을 그립니다. 커서를 VAE인 "
                + "manifold로 옮겨 그 줄을 기다려 보세요. 이제부터의 이야기는 이 차이에 대한 것입니다.",

            "cloud": "점이 아니라 구름",
            "cloud.draw.do":
                "숫자를 하나 그리세요. 마우스로, 또는 Space로 펜을 내린 뒤 화살표 키로 그립니다. o를 누르면 테스트 그림을 "
                + "가져옵니다. 지도에서 X와 그 둘레의 타원을 보세요.",
            "cloud.draw.said":
                "인코더의 답은 z 하나가 아닙니다. 평균 μ = ({mean})가 X이고, 표준편차 σ = ({deviation})가 타원입니다. 이 그림 하나에 "
                + "대한 정규분포 q(z|x)입니다.",
            "cloud.sample.do":
                "그러면 디코더는 어떤 z를 받을까요? 그 구름에서 무작위로 뽑은 하나입니다. z를 세 번 누르고 출력과 z를 보세요.",
            "cloud.sample.said":
                "입력은 하나인데 표본이 셋이니 출력도 셋이고, 마지막 z는 ({z})입니다. σ는 픽셀의 노이즈가 아닙니다. 그림이 z를 얼마나 "
                + "정확하게 정하는지를 말합니다.",
            "cloud.gradient.do":
                "z = μ + σ ⊙ ε이고 ε은 N(0, I)에서 옵니다(식 10). 우연은 모두 밖에서 오는 ε에 있습니다. 그래서 기울기(gradient)가 "
                + "μ와 σ를 지나 인코더까지 흐릅니다. 이것이 재매개변수화 기법(reparameterization trick)입니다.",
            "cloud.mean.do": "Z를 눌러 구름의 한가운데인 z = μ로 돌아가세요.",
            "cloud.mean.said":
                "Compare는 따로 말하지 않으면 이렇게 출력을 보여 줍니다. 학습할 때 모델은 언제나 표본을 받습니다.",

            "learning": "눈앞에서 배우기",
            "learning.begin.do":
                "이제 처음부터 학습해 봅시다. t를 누르세요. 신경망은 아까 그것이고 가중치는 무작위이며, 지켜볼 수 있을 만큼 "
                + "천천히 배웁니다.",
            "learning.begin.said":
                "스텝 {step}입니다. 손실은 그림 하나에 {first} nats에서 시작했습니다. 숫자가 무엇인지 전혀 모르는 모델의 손실입니다.",
            "learning.fall.do":
                "잠시 기다리며 곡선들을 보세요. −ELBO, 재구성, KL 가운데 무엇이 내려가고 무엇이 올라갑니까?",
            "learning.fall.said":
                "−ELBO = 재구성 + KL(식 7)이니 {elbo} = {reconstruction} + {kl} nats입니다. 재구성은 곧바로 내려갔습니다. KL은 말할 "
                + "가치가 있는 것을 모델이 찾아내면서 0에서 올라왔습니다.",
            "learning.pause.do": "Space를 눌러 멈추세요.",
            "learning.pause.said": "스텝 {step}에 멈춰 있습니다. 지금 화면의 모든 숫자와 그림은 이 스텝의 것입니다.",
            "learning.steps.do": "s를 세 번 누르세요. 한 번이 한 스텝입니다. 그림 128장, 기울기 하나, 갱신 하나입니다.",
            "learning.steps.said":
                "스텝 {from}에서 {step}까지 왔고, 마지막 배치의 −ELBO는 {elbo} nats입니다. 한 스텝은 조금만 바꾸며, 배치에 따라 앞보다 "
                + "나빠 보일 수도 있습니다.",
            "learning.plane.do":
                "Space로 계속하고 2를 눌러 Explore로 가세요. 이 평면은 지금 배우고 있는 모델의 것이며, 보는 동안 펼쳐집니다.",
            "learning.plane.said":
                "KL이 {kl} nats인 것은 잘못이 아닙니다. 코드가 그림에 대해 말해 주는 양입니다. 0이라면 모든 그림의 코드가 같을 "
                + "것입니다.",

            "tug-of-war": "줄다리기",
            "tug-of-war.begin.do":
                "두 항은 서로 당기고, beta는 KL의 무게입니다. 학습이 진행 중이어야 합니다. t를 누르거나, 멈춰 있다면 Space를 "
                + "누르세요.",
            "tug-of-war.begin.said": "학습이 진행 중이고 beta는 {beta}입니다.",
            "tug-of-war.up.do":
                "beta가 64가 될 때까지 >를 누르세요. beta는 학습률이 아닙니다. 얼마나 빨리가 아니라 무엇을 최소화하는지를 바꿉니다.",
            "tug-of-war.up.said": "beta는 {beta}입니다. 이제 KL 1 nat의 값이 재구성 {beta} nats와 같습니다.",
            "tug-of-war.collapse.do":
                "에폭이 끝난 뒤의 평가에서 비활성 차원이 나올 때까지 기다리세요. 그러면 경고가 나타납니다.",
            "tug-of-war.collapse.said":
                "비활성: {inactive}. 그림이 바뀌어도 평균이 거의 변하지 않으니(분산 0.01 미만, Burda 외 2015) 아무것도 말하지 "
                + "않습니다. 사후 붕괴(posterior collapse)는 버그가 아닙니다. 이 값이면 침묵이 가장 쌉니다.",
            "tug-of-war.down.do": "beta가 다시 1이 될 때까지 <를 누르세요.",
            "tug-of-war.down.said": "beta는 {beta}입니다. 다시 식 7의 하한입니다.",
            "tug-of-war.back.do": "평가에서 활성 차원이 다시 나올 때까지 기다리세요.",
            "tug-of-war.back.said": "{latent}개 가운데 {active}개가 활성이고 KL은 {kl} nats입니다. 다시 말할 가치가 생겼습니다.",
            "tug-of-war.free.do": "다른 처방은 자유 비트(free bits)입니다. 차원마다 영점 몇 nat가 공짜가 될 때까지 f를 누르세요.",
            "tug-of-war.free.said":
                "이제 차원마다 {bits} nats는 공짜입니다(Kingma 외 2016). 그보다 덜 말해서 이득을 보는 차원은 없습니다.",

            "prior": "평면을 채우는 사전 분포",
            "prior.density.do":
                "KL 항은 코드를 사전 분포(prior) N(0, I) 쪽으로 당깁니다. density 보기가 나올 때까지 v를 누르세요. 코드가 사전 분포보다 "
                + "많은 곳과 적은 곳이 보입니다.",
            "prior.density.said":
                "사전 분포에 무게가 있는 곳에는 거의 어디나 코드가 있어서, 거기서 뽑은 z는 대개 숫자가 됩니다. 그래도 코드 전체가 "
                + "사전 분포와 똑같지는 않습니다. 너무 적은 곳은 여기서도 빈 곳입니다.",
            "prior.twin.do":
                "같은 보기를 오토인코더에서 봅시다. density 보기가 나올 때까지 v를 누르세요. (120칸 이상이면 Explore의 B가 두 평면을 "
                + "나란히 놓습니다.)",
            "prior.twin.said":
                "사전 분포가 없으니 코드 자신의 평균과 퍼짐을 가진 정규분포 하나와 비교합니다. 코드는 그 일부만 덮습니다. z를 어디서 "
                + "뽑겠습니까? 그래서 그냥 오토인코더는 생성 모델이 아닙니다.",

            "between": "두 숫자 사이",
            "between.marks.do":
                "지금 자리에서 a를 누르세요. 그림이 다른 숫자가 될 때까지 걸어가서 b를 누르세요. 점들이 그 사이의 길입니다.",
            "between.marks.said":
                "({start})에서 ({end})까지 거리는 {length}입니다. 길 위의 모든 곳은 그 자체로 하나의 z이지 두 그림을 섞은 것이 아닙니다.",
            "between.walk.do": "g를 누르고 길을 따라 바뀌는 큰 그림을 보세요.",
            "between.walk.said":
                "있을 법한 숫자들을 거쳐 한 숫자가 다른 숫자가 되었습니다. 두 그림의 평균이었다면 둘이 반쯤 밝게 겹쳐 보였을 것입니다.",
            "between.bent.do": "o를 누르세요. 길이 곧게 가지 않고 원점을 돌아갑니다.",
            "between.bent.said":
                "2차원에서는 곧은 길도 빽빽한 가운데를 지나므로 둘 다 괜찮아 보입니다. 차원이 많으면 거의 모든 코드가 원점에서 "
                + "떨어져 있어서, 곧은 길은 코드가 없는 곳을 가로지릅니다.",
            "between.sum.do":
                "f를 누르고 . + 3 - 5 를 친 다음 Enter를 누르세요. 여기에 3들의 평균을 더하고 5들의 평균을 뺍니다.",
            "between.sum.said":
                "지금 자리는 ({z})입니다. 방향에는 한 종류의 코드가 모여 있는 만큼만 뜻이 있습니다. 2차원에서는 그리 멀리 가지 "
                + "않습니다.",

            "dimensions": "20차원",
            "dimensions.load.do": "Models에서 pytorch를 고르고 Enter를 누르세요. PyTorch의 예제이고 z가 숫자 20개입니다.",
            "dimensions.load.said":
                "테스트 손실은 그림 하나에 {own} nats이고, 두 숫자짜리 모델은 {other} nats입니다. 숫자가 많으면 더 많이 말할 수 있습니다.",
            "dimensions.bars.do":
                "막대는 차원마다의 KL, 곧 그 차원이 말하는 양입니다. {latent}개 가운데 {active}개가 활성입니다. 가장 많이 말하는 것은 "
                + "{best}로 {most} nats, 가장 적게 말하는 것은 {worst}로 {least} nats입니다.",
            "dimensions.compare.do":
                "Compare를 보세요. 출력이 두 숫자일 때보다 또렷합니다. 이 그림의 값은 재구성 {reconstruction} nats와 KL {kl} nats입니다.",
            "dimensions.rows.do":
                "어느 평면도 20차원을 다 보여 주지 못합니다. traversals 보기가 나올 때까지 v를 누르세요. 한 줄이 한 차원만 바꾸고 나머지는 "
                + "그대로 둡니다.",
            "dimensions.rows.said":
                "기울기나 너비 같은 이름을 붙일 수 있는 줄은 거의 없습니다. 손실이 그런 것을 요구하지 않습니다. 차원이 많다고 더 잘 "
                + "다룰 수 있는 것은 아닙니다.",
            "dimensions.components.do":
                "0을 누르고, 그림이 다시 보일 때까지 v를, 주성분(principal components) 평면이 될 때까지 V를 누르세요. 코드가 가장 많이 "
                + "변하는 방향들입니다.",
            "dimensions.components.said":
                "처음 두 주성분이 코드 분산의 {first}와 {second}를 차지합니다. 나머지는 평균에 고정되어 있으니 이 평면은 수많은 단면 "
                + "가운데 하나입니다.",

            "how-good": "얼마나 좋은가?",
            "how-good.bound.do":
                "이 그림의 재구성(z = μ)과 KL을 더하면 {elbo} nats로 −ELBO에 가깝습니다. ELBO는 log p(x)의 하한입니다. 모자라는 만큼이 "
                + "참 사후 분포에 대한 q(z|x)의 KL 발산입니다(식 1).",
            "how-good.tighter.do":
                "i를 누르세요. z의 표본 1개, 50개, 5,000개를 중요도로 가중하여 log p(x)를 추정합니다(Burda 외 2015).",
            "how-good.tighter.said":
                "표본 하나로는 −ELBO의 추정값 {one} nats입니다. 50개와 5,000개로는 {fifty}와 {all} nats입니다. 표본이 많을수록 하한이 "
                + "조여져 −log p(x) 자체에 가까워집니다.",
            "how-good.worst.do": "모델이 있을 법하지 않다고 여기는 숫자는 무엇일까요? 순서가 worst first가 될 때까지 o를 누르세요.",
            "how-good.worst.said":
                "그림 {image}: {loss} nats. 있을 법하지 않은 것이 못생긴 것은 아니고, 있을 법한 그림이 예쁜 것도 아닙니다. 가능도"
                + "(likelihood)는 아름다움의 척도가 아닙니다.",
            "how-good.drawing.do": "숫자가 아닌 것을 그려 보세요. 구석에 낙서를 해도 좋습니다.",
            "how-good.drawing.said":
                "이 그림은 {loss} nats이고 테스트 숫자는 평균 {mean} nats입니다. 하한은 모델이 본 어떤 것과도 닮지 않은 것을 알려 줍니다.",

            "references": "세 가지 기준",
            "references.pytorch.do": "커서를 pytorch, 곧 PyTorch 예제로 옮기세요.",
            "references.pytorch.said":
                "우리 것 {own}, 발표된 값 {published} nats. 회색 픽셀 그대로, 20차원, KL은 닫힌 식으로, 손실은 배치의 합입니다.",
            "references.tensorflow.do": "이제 tensorflow, 튜토리얼의 합성곱 모델입니다.",
            "references.tensorflow.said":
                "우리 것 {own}, 발표된 값 {published}. 픽셀은 검거나 희고(절반에서 자름), z는 2차원이며, KL은 표본으로 추정합니다. 픽셀이 "
                + "다르면 nats도 다릅니다. PyTorch의 {other}보다 나쁜 것이 아니라 다른 경기입니다.",
            "references.kingma.do": "이제 kingma-20, 논문의 신경망입니다.",
            "references.kingma.said":
                "우리 것 {own}. 논문에는 끝이 100 근처인 곡선만 있습니다(그림 2). 픽셀은 회색 값에 따라 무작위로 뽑으니 또 다른 "
                + "조건입니다. latent reproduce가 모든 값을 출처와 함께 보여 줍니다.",

            "yours": "이제 당신 차례",
            "yours.data.do":
                "자신의 데이터: latent explore --data 폴더, latent train --data 폴더. latent data list는 이미 있는 것을 보여 줍니다.",
            "yours.weights.do":
                "자신의 가중치: latent explore 파일.safetensors. 모양이 신경망의 구조를 말해 주고, 말해 주지 않는 것은 가정한 뒤 화면에 "
                + "밝힙니다.",
            "yours.paper.do":
                "논문: Kingma & Welling, Auto-Encoding Variational Bayes, arXiv:1312.6114. 코드는 논문을 따릅니다. "
                + "Sources/VAECore/Model/VAE.swift부터 읽어 보세요. Space를 누르면 끝납니다.",
        ], isASCII: false)
}
