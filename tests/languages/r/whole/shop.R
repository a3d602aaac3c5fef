#' Adds.
#' @param x one
add <- function(x, y = 2) { x }
# <- definition.function shop::add doc=Adds.

sub = function() 1
# <- definition.function shop::sub

outer <<- function(a) a
# <- definition.function shop::outer

limit <- 3
# <- definition.variable shop::limit

"quoted" <- function() 1
 # <- definition.function shop::quoted

setClass("Person", representation(name = "character"))
#         ^ definition.class shop::Person

setGeneric("area", function(s) standardGeneric("area"))
#           ^ definition.function shop::area

setMethod("area", "Person", function(s) 1)
#          ^ definition.function shop::area

Account <- R6::R6Class("Account", public = list(total = 0, add = function(x) x))
# <- definition.class shop::Account
#                                                          ^ definition.method shop::Account::add

Old <- R6Class("Old", active = list(sum = function(x) x))
# <- definition.class shop::Old
#                                   ^ definition.method shop::Old::sum

.hidden <- function() 1
# <- definition.function shop::.hidden visibility=private
