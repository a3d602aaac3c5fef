# The main bucket.
resource "aws_s3_bucket" "logs" {
#                         ^ definition.object main.aws_s3_bucket.logs doc=The_main_bucket.

  bucket = "x"
}
variable "region" { default = "x" }
#         ^ definition.variable main.region

output "address" { value = 1 }
#       ^ definition.variable main.address

module "net" { source = "./n" }
#       ^ definition.namespace main.net

locals {
  zone = 1
# ^ definition.constant main.zone

}
provider "aws" {}
#         ^ definition.namespace main.aws

data "aws_ami" "image" {}
#               ^ definition.object main.aws_ami.image

terraform { required_version = "1" }
count = 1
# <- definition.variable main.count
